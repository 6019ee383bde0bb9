/** A few rounds of the campaign that `npm run campaign:kill` runs in full. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const script = resolve(import.meta.dirname, '../../scripts/kill-campaign.mjs');

test(
  'killed builds and builds at once leave a store that gives the same digest',
  { timeout: 600_000 },
  () => {
    const text = execFileSync(process.execPath, [script, '6'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(text.trim().split('\n').at(-1)).toMatch(
      /^6 builds killed and 8 builds at once: one digest, sha256:[0-9a-f]{64}$/,
    );
  },
);
