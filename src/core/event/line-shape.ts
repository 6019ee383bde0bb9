/**
 * The shape of a line of `--progress json`; schema/events.schema.json is made from it, and the compiler holds each event
 * against it where the lines are written. docs/events.md says what may change.
 */
import * as v from 'valibot';
import { buildEventShapes, diagnosticShape } from './event-shape.ts';
import { amount, text } from './member-shape.ts';
import { watchEventShapes } from './watch-event-shape.ts';

const event = v.variant('type', [...buildEventShapes, ...watchEventShapes]);

/** The last line of a command that failed; it has no time and no type. */
const failure = v.pipe(
  v.strictObject({
    diagnostics: v.array(
      v.strictObject({
        ...diagnosticShape.entries,
        exitCode: v.exactOptional(amount),
        retryable: v.boolean(),
      }),
    ),
  }),
  v.description('What ended the command, each with the exit code that goes with it.'),
);
const bug = v.pipe(v.strictObject({ bug: text }), v.description('A bug of layerwright’s ended the command.'));

export const lineShape = v.pipe(
  v.union([event, failure, bug]),
  v.title('event'),
  v.description('One line of `layerwright --progress json`.'),
);

/** An event as a line says it. */
export type EventLine = v.InferOutput<typeof event>;
