/** A few rounds of the campaign that `npm run campaign:faults` runs in full. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { hasProgram } from '../rigs/docker-registry.ts';

const script = resolve(import.meta.dirname, '../../scripts/fault-campaign.mjs');
const missing = !hasProgram('docker-registry', 'openssl');

test.skipIf(missing)(
  'N20 to N24: pushes and pulls complete through faults, and end with 5 where nothing else comes (needs docker-registry, openssl)',
  { timeout: 240_000 },
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [script, '8', 'together']);
    expect(stdout).toMatch(
      /^8 pushes and 8 pulls through \d+ requests, \d+ of them spoilt .*: all complete/m,
    );
    expect(stdout).toMatch(/^every request all kinds: push ended with 5/m);
    expect(stdout).toMatch(/^every request all kinds: copy ended with 5/m);
  },
);
