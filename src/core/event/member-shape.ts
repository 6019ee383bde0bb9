/** The shapes of members that lines of several kinds have. */
import * as v from 'valibot';

export const text = v.string();
export const amount = v.pipe(v.number(), v.integer(), v.minValue(0));
export const digest = v.pipe(
  v.string(),
  v.regex(/^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/),
  v.description('A digest.'),
);
export const at = v.pipe(amount, v.description('Milliseconds since the command began.'));
