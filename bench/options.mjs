/** What `npm run bench --` takes. */
import { parseArgs } from 'node:util';

export const usage = `npm run bench -- [options]

  --pairs N        pairs of each row: ours, theirs, ours, theirs (5)
  --rows PATTERN   only rows whose name this regular expression finds
  --small          on about 2,700 files, to see that the bench works; its figures say nothing
  --json FILE      where the result is written (out/bench.json)
  --list           names the rows and runs none
`;

/** @param {readonly string[]} words */
export function readOptions(words) {
  const { values } = parseArgs({
    args: [...words],
    options: {
      pairs: { type: 'string', default: '5' },
      rows: { type: 'string', default: '' },
      small: { type: 'boolean', default: false },
      json: { type: 'string', default: 'out/bench.json' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const pairs = Number(values.pairs);
  if (!Number.isInteger(pairs) || pairs < 1)
    throw new Error(`--pairs is a whole number from 1, not ${values.pairs}`);
  return { ...values, pairs, rows: new RegExp(values.rows) };
}
