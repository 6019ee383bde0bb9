/** The shapes of what happens around the builds of a watch, as lines of `--progress json` (line-shape.ts). */
import * as v from 'valibot';
import { amount, at, digest, text } from './member-shape.ts';

const reasons = v.pipe(v.array(v.strictObject({ label: text, reason: text })), v.readonly());

const watching = v.pipe(
  v.strictObject({ at, type: v.literal('watching'), folders: amount, keys: v.boolean() }),
  v.description('Changes in so many folders are noticed from now on; `keys` where somebody can press some.'),
);
const serving = v.pipe(
  v.strictObject({ at, type: v.literal('serving'), references: v.pipe(v.array(text), v.readonly()) }),
  v.description('The images can be pulled under these names.'),
);
const started = v.pipe(
  v.strictObject({ at, type: v.literal('rebuild-started') }),
  v.description('Something has changed; builds follow until `rebuild-finished`.'),
);
const began = v.pipe(
  v.strictObject({ at, type: v.literal('build-began') }),
  v.description('One build of the watch; never two at once.'),
);
const ended = v.pipe(
  v.strictObject({ at, type: v.literal('build-ended'), outdated: v.boolean() }),
  v.description('The build that began has ended; an outdated one was given up, and another follows.'),
);
const finished = v.strictObject({
  at,
  type: v.literal('rebuild-finished'),
  outcome: v.pipe(
    v.picklist(['rebuilt', 'unchanged', 'failed', 'failed-again']),
    v.description('What failed left the last good images as they were.'),
  ),
  causes: reasons,
  images: v.pipe(
    v.array(v.strictObject({ name: text, digest, before: v.exactOptional(digest) })),
    v.readonly(),
  ),
  cause: v.picklist(['asked', 'change']),
});
const explained = v.pipe(
  v.strictObject({ at, type: v.literal('explained'), text }),
  v.description('What the last build has that the one before had not, as `explain` says it.'),
);

export const watchEventShapes = [watching, serving, started, began, ended, finished, explained] as const;
