/** A short pass of the campaign that `npm run campaign:deflate` runs in full. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const script = resolve(import.meta.dirname, '../../scripts/deflate-campaign.mjs');

test('inputs of any kind and a long stream come back at each level', { timeout: 600_000 }, () => {
  const text = execFileSync(process.execPath, [script, '100', '0.25'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = text.trim().split('\n');
  expect(lines.filter((line) => /^level [1-9]: 100 inputs came back/.test(line))).toHaveLength(9);
  expect(lines.filter((line) => line.includes('0.25 GiB came back through'))).toHaveLength(2);
});
