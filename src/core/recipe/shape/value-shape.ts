/**
 * The shapes of single values. Two kinds of text differ: in `text` substitutions are done (`${{ … }}`), in `fixedText`
 * nothing is. A number where text may stand is taken as it is written (`1.10` stays `1.10`).
 */
import * as v from 'valibot';

export const text = v.string();
export const fixedText = v.string();
export const number = v.number();
export const boolean = v.boolean();

export const writtenText = v.union([text, number]);
export const writtenFixedText = v.union([fixedText, number]);

export const textList = v.array(text);
export const textOrList = v.union([text, v.pipe(v.array(text), v.minLength(1))]);
export const textMap = v.record(v.string(), writtenText);

export const mode = v.pipe(
  v.string(),
  v.regex(/^0?[0-7]{3,4}$/, 'three or four octal digits in quotes, such as "0755"'),
);

export const sha256 = v.pipe(v.string(), v.regex(/^[a-f0-9]{64}$/, '64 lower-case hex digits'));

export const count = v.pipe(v.number(), v.integer('a whole number'), v.minValue(0, 'a number from 0'));
export const positiveCount = v.pipe(
  v.number(),
  v.integer('a whole number'),
  v.minValue(1, 'a number from 1'),
);

/** The start command: a list, so that no shell has to take it apart. */
export const command = v.array(text);
