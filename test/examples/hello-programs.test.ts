/** The programs of examples/hello are what their script writes, and they run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const example = resolve(import.meta.dirname, '../../examples/hello');
const programs = ['hello-amd64', 'hello-arm64'];
const emulator = 'qemu-aarch64-static';
const canRunArm = process.arch === 'arm64' || spawnSync(emulator, ['--version']).error === undefined;

test('make-hello.mjs writes the committed programs again, byte for byte', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'layerwright-hello-'));
  try {
    execFileSync(process.execPath, [join(example, 'make-hello.mjs'), folder]);
    expect((await readdir(folder)).sort()).toEqual(programs);
    for (const program of programs)
      expect(await readFile(join(folder, program))).toEqual(await readFile(join(example, 'bin', program)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.each(programs)('%s is an executable of less than 300 bytes', async (program) => {
  const { mode, size } = await stat(join(example, 'bin', program));
  expect(mode & 0o111).toBe(0o111);
  expect(size).toBeLessThan(300);
});

describe('the programs greet and exit with 0', () => {
  test.skipIf(process.arch !== 'x64' || process.platform !== 'linux')('amd64 (needs an amd64 Linux)', () => {
    expect(execFileSync(join(example, 'bin/hello-amd64'), { encoding: 'utf8' })).toBe(
      'Hello from layerwright on linux/amd64!\n',
    );
  });

  test.skipIf(!canRunArm)(`arm64 (needs ${emulator} or an arm64 Linux)`, () => {
    const program = join(example, 'bin/hello-arm64');
    const command: [string, string[]] = process.arch === 'arm64' ? [program, []] : [emulator, [program]];
    expect(execFileSync(...command, { encoding: 'utf8' })).toBe('Hello from layerwright on linux/arm64!\n');
  });
});
