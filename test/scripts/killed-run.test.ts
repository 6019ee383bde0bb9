/** What the rigs start does not outlive a test run that is killed (needs setpriv), and its folders are found and removed. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { endsWithUs } from '../rigs/ends-with-us.ts';
import { processFolder } from '../rigs/process-folder.ts';
import { scratchFolder } from '../rigs/scratch-folder.ts';
import { until } from '../rigs/until.ts';

const scratch = scratchFolder('killed-run');
afterAll(() => {
  scratch.remove();
});

const hasSetpriv = spawnSync('setpriv', ['--version'], { stdio: 'ignore' }).status === 0;

/** Starts the words, says their process id, and waits to be killed. */
const starter = `
  const [program, ...words] = process.argv.slice(1);
  const child = require('node:child_process').spawn(program, words, { stdio: 'ignore' });
  process.stdout.write(String(child.pid));
`;

test.skipIf(!hasSetpriv)('a killed process takes with it what it started', async () => {
  const parent = spawn(process.execPath, ['-e', starter, '--', ...endsWithUs('KILL', 'sleep', '600')]);
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(said.toString());
  await until(() => programOf(pid) === 'sleep');
  parent.kill('SIGKILL');
  await until(() => programOf(pid) !== 'sleep');
});

test('a folder of a process that is gone is removed, and no other', () => {
  const gone = spawnSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).stdout.trim();
  const folders = [`rig-${gone}-abcdef`, `other-${gone}-abcdef`, `rig-${String(process.pid)}-abcdef`, 'rig'];
  for (const name of folders) mkdirSync(join(scratch.path, name, 'below'), { recursive: true });
  const made = processFolder(scratch.path, 'rig');
  expect(basename(made)).toMatch(new RegExp(`^rig-${String(process.pid)}-\\w{6}$`));
  expect(folders.map((name) => existsSync(join(scratch.path, name)))).toEqual([false, true, true, true]);
});

/** The program of a running process; nothing where it is gone or waits to be reaped. */
function programOf(pid: number): string | undefined {
  try {
    const [, name, state] =
      /^\d+ \((.*)\) (\w)/.exec(readFileSync(`/proc/${String(pid)}/stat`, 'utf8')) ?? [];
    return state === 'Z' ? undefined : name;
  } catch {
    return undefined; // It has just gone.
  }
}
