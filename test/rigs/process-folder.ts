/** A folder named for this process, so that what a killed one left is known for what it is, and removed. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Makes `PARENT/NAME-PID-XXXXXX`; those of the name that ended processes left are removed first. */
export function processFolder(
  parent: string,
  name: string,
  remove: (path: string) => void = removeAll,
): string {
  for (const found of readdirSync(parent)) {
    const [, owner, pid] = /^(.+)-(\d+)-\w{6}$/.exec(found) ?? [];
    if (owner === name && !isRunning(Number(pid))) remove(join(parent, found));
  }
  return mkdtempSync(join(parent, `${name}-${String(process.pid)}-`));
}

function removeAll(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
