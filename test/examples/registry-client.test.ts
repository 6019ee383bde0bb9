/** The example of layerwright/registry, run as its README says, against a real registry and our own. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliverToRegistry } from '../../src/io/transport/registry.ts';
import { type DockerRegistry, hasProgram, startDockerRegistry } from '../rigs/docker-registry.ts';
import { makeHarness, stopEverything } from '../rigs/registry-harness.ts';
import { contextOf, referenceTo, sample } from '../rigs/registry-sample.ts';

const run = promisify(execFile);
const script = resolve(import.meta.dirname, '../../examples/registry-client/attach-note.mjs');

describe.skipIf(!hasProgram('docker-registry'))('registry-client (needs docker-registry)', () => {
  let registry: DockerRegistry;
  beforeAll(async () => {
    registry = await startDockerRegistry();
    const target = { reference: referenceTo(registry.host), tags: ['1'] };
    await deliverToRegistry({ ...(await sample()), references: [] }, target, contextOf(makeHarness()));
  });
  afterAll(async () => {
    await stopEverything();
    await registry.stop();
  });

  async function attach(note: string): Promise<string[]> {
    const { stdout } = await run(process.execPath, [script, registry.host, 'team/app', '1', note]);
    return stdout.trim().split('\n');
  }

  test('prints every note of the image', async () => {
    const [first] = await attach('one');
    const both = await attach('two');
    expect(both).toHaveLength(2);
    expect(both[0]).toBe(first);
    expect(both.every((digest) => /^sha256:[0-9a-f]{64}$/.test(digest))).toBe(true);
  });
});
