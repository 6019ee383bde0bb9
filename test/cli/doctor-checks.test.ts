/** What `doctor` says of Node and of the runtimes, with programs of the test's own in their place. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeCheck, runtimeChecks } from '../../src/cli/commands/doctor-checks.ts';
import { scratchFolder } from '../rigs/scratch-folder.ts';

let scratch: ReturnType<typeof scratchFolder>;
beforeEach(() => {
  scratch = scratchFolder('doctor');
});
afterEach(() => {
  scratch.remove();
});

/** The state and the help of a runc that says this version. */
function runcOf(version: string) {
  const path = join(scratch.path, 'runc');
  writeFileSync(path, `#!/bin/sh\necho 'runc version ${version}'\n`);
  chmodSync(path, 0o755);
  return runtimeChecks({ PATH: scratch.path }).find(({ name }) => name === 'runc');
}

test.each(['v20.19.0', 'v20.20.2', 'v22.0.0', 'v100.1.0'])('Node %s is enough', (version) => {
  expect(nodeCheck(version)).toEqual({ name: 'node', state: 'fine', found: version });
});

test.each(['v18.20.0', 'v20.18.3'])('Node %s is too old, and the least is named', (version) => {
  expect(nodeCheck(version)).toMatchObject({ state: 'doubtful', help: 'use Node 20.19 or later' });
});

test.each(['1.2.8', '1.3.3', '1.4.0', '2.0.0'])('runc %s has the fixes', (version) => {
  expect(runcOf(version)).toEqual({ name: 'runc', state: 'fine', found: join(scratch.path, 'runc') });
});

test.each(['1.1.15', '1.2.7', '1.3.2'])('runc %s is below the floor, which is named', (version) => {
  const { state, found, help } = runcOf(version) ?? {};
  expect([state, found]).toEqual(['doubtful', expect.stringContaining(`runc ${version} may lack the fixes`)]);
  expect(help).toMatch(/1\.2\.8, 1\.3\.3 or newer/);
});
