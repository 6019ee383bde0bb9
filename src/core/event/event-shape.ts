/** The shapes of what happens in a build, as lines of `--progress json` (line-shape.ts). */
import * as v from 'valibot';
import { amount, at, digest, text } from './member-shape.ts';

const kind = v.pipe(text, v.description('`fetch`, `layer`, `image` or `index`.'));
const label = v.pipe(text, v.description('What people call the action; two may have the same.'));
const destination = v.pipe(text, v.description('As a user writes it: `oci:out`, `ghcr.io/acme/api:1`.'));
const done = v.pipe(amount, v.description('Bytes so far.'));
const total = v.exactOptional(v.pipe(amount, v.description('Bytes of everything, where that is known.')));

const place = v.strictObject({
  file: text,
  span: v.strictObject({ start: amount, end: amount }),
  line: amount,
  column: amount,
});
const severity = v.picklist(['error', 'warning']);
const related = v.pipe(v.array(v.strictObject({ message: text, place })), v.readonly());
export const diagnosticShape = v.strictObject({
  code: v.pipe(text, v.description('docs/diagnostics.md lists them.')),
  severity,
  message: text,
  place: v.exactOptional(place),
  related: v.exactOptional(related),
  help: v.exactOptional(text),
});

const planMade = v.pipe(
  v.strictObject({
    at,
    type: v.literal('plan-made'),
    actions: amount,
    cached: amount,
    labels: v.pipe(v.array(text), v.readonly()),
  }),
  v.description('All that is to be done is known, and how much of it needs no doing.'),
);
const actionStarted = v.pipe(
  v.strictObject({ at, type: v.literal('action-started'), label, kind, reason: text }),
  v.description('An action runs, and why.'),
);
const actionProgress = v.strictObject({ at, type: v.literal('action-progress'), label, done, total });
const actionFinished = v.pipe(
  v.strictObject({
    at,
    type: v.literal('action-finished'),
    label,
    kind,
    outcome: v.picklist(['built', 'cached']),
    from: v.exactOptional(v.pipe(text, v.description('The remote cache that it was taken from.'))),
    digest,
    size: v.pipe(amount, v.description('Bytes of the result as stored.')),
    reason: text,
  }),
  v.description('An action has a result; a cached one had it before, and never started.'),
);
const actionFailed = v.strictObject({ at, type: v.literal('action-failed'), label, kind });
const imageFinished = v.pipe(
  v.strictObject({
    at,
    type: v.literal('image-finished'),
    name: text,
    platform: v.exactOptional(text),
    digest,
    size: v.pipe(amount, v.description('Bytes of all layers.')),
    newBytes: v.pipe(amount, v.description('Bytes of the layers that this build made.')),
  }),
  v.description('One platform of an image is whole in the store.'),
);
const what = v.pipe(text, v.description('For people: `67 packages`.'));
const downloadStarted = v.pipe(
  v.strictObject({ at, type: v.literal('download-started'), label, what }),
  v.description('Something that the recipe names is fetched, before there can be a plan.'),
);
const downloadProgress = v.strictObject({ at, type: v.literal('download-progress'), label, done, total });
const downloadFinished = v.strictObject({
  at,
  type: v.literal('download-finished'),
  label,
  what,
  outcome: v.picklist(['fetched', 'failed']),
  bytes: v.pipe(amount, v.description('Bytes that came.')),
});
const deliveryStarted = v.strictObject({ at, type: v.literal('delivery-started'), destination });
const deliveryProgress = v.strictObject({
  at,
  type: v.literal('delivery-progress'),
  destination,
  item: v.exactOptional(v.pipe(text, v.description('What has just arrived.'))),
  done,
  total,
});
const deliveryFinished = v.strictObject({
  at,
  type: v.literal('delivery-finished'),
  destination,
  digest: v.exactOptional(digest),
  moved: v.pipe(amount, v.description('Blobs that were written.')),
  present: v.pipe(amount, v.description('Blobs that were there already.')),
  bytes: v.pipe(amount, v.description('Bytes that were written.')),
});
const said = v.pipe(
  v.strictObject({ at, type: v.literal('diagnostic'), diagnostic: diagnosticShape }),
  v.description('Something to know while the command goes on.'),
);

export const buildEventShapes = [
  planMade,
  actionStarted,
  actionProgress,
  actionFinished,
  actionFailed,
  imageFinished,
  downloadStarted,
  downloadProgress,
  downloadFinished,
  deliveryStarted,
  deliveryProgress,
  deliveryFinished,
  said,
] as const;
