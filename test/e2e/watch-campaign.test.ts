/** A few edits of the campaign that `npm run campaign:watch` runs in full. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { hasProgram } from '../rigs/runtimes.ts';

const script = resolve(import.meta.dirname, '../../scripts/watch-campaign.mjs');

test.skipIf(!hasProgram('git'))(
  'no edit of a project under git and tsc is lost, and the image is that of a clean build (needs git)',
  { timeout: 600_000 },
  () => {
    const text = execFileSync(process.execPath, [script, '18', '400', '0'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(text).toMatch(/^18 edits: 0 lost; \d+ builds, \d+ of them given up, 1 at once$/m);
    expect(text).toMatch(/^(sha256:[0-9a-f]{64}) by the watch, \1 by a clean build$/m);
  },
);
