/** A few rounds of the campaign that `npm run campaign:abort` runs in full. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const script = resolve(import.meta.dirname, '../../scripts/abort-campaign.mjs');

test('aborted builds leave nothing but a sound store', { timeout: 600_000 }, () => {
  const text = execFileSync(process.execPath, [script, '8'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect(text.trim().split('\n').at(-1)).toMatch(
    /^8 builds aborted, the slowest to end took [0-9]+ ms: nothing left behind, one digest, sha256:[0-9a-f]{64}$/,
  );
});
