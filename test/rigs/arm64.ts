/** Programs of another processor on an amd64 machine: qemu-user, with Debian's libraries for arm64. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { keptInput } from './kept-input.ts';
import { hasProgram } from './runtimes.ts';

export const qemu = 'qemu-aarch64-static';
export const canRunArm64 = hasProgram(qemu) && hasProgram('mmdebstrap');
export const arm64Needs = `needs ${qemu}, mmdebstrap and its mirror`;

/** A root with the C and C++ libraries that Node is linked with; undefined where mmdebstrap has no mirror. */
export function arm64Sysroot(): string | undefined {
  const options = ['--variant=extract', '--include=libc6,libstdc++6', '--arch=arm64'];
  try {
    const folder = keptInput({
      name: 'sysroot',
      madeOf: options,
      make: (made) => {
        const root = join(made, 'root');
        const { status, stderr } = spawnSync('mmdebstrap', [...options, 'bookworm', root], {
          encoding: 'utf8',
        });
        if (status !== 0 || !existsSync(join(root, 'lib'))) throw new Error(stderr);
      },
    });
    return join(folder, 'root');
  } catch {
    return undefined;
  }
}

/** `e_machine` of an ELF file as a name; undefined for every other file. */
export function elfMachine(path: string): string | undefined {
  const head = Buffer.alloc(20);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, head, 0, 20, 0) < 20 || head.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  } finally {
    closeSync(file);
  }
  const machine = head.readUInt16LE(18);
  return { 62: 'x86-64', 183: 'AArch64' }[machine] ?? String(machine);
}
