/**
 * Who owns a temporary file or a lease: a process, told apart from another that has its number later. On Linux that is
 * the pid, the time the process started (proc(5), /proc/PID/stat field 22), the boot and the pid namespace; elsewhere
 * the pid alone. The token is part of file names, so nothing has to be read to know the owner.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { randomBytes } from 'node:crypto';

export interface ProcessOwner {
  readonly pid: number;
  readonly start: string;
  readonly boot: string;
  readonly namespace: string;
}

/** `unknown`: of another pid namespace, such as another container over the same folder; only time can tell. */
export type Standing = 'alive' | 'gone' | 'unknown';

let own: ProcessOwner | undefined;

export function currentOwner(): ProcessOwner {
  own ??= {
    pid: process.pid,
    start: readOr('0', () => processStart('self')?.start),
    boot: readOr('0', () =>
      readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').replaceAll(/[^0-9a-f]/g, ''),
    ),
    namespace: readOr('0', () => readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '')),
  };
  return own;
}

/** A fresh name that carries its owner: `PID.START.BOOT.NAMESPACE-RANDOM`. */
export function ownedName(owner: ProcessOwner = currentOwner()): string {
  const token = [owner.pid, owner.start, owner.boot, owner.namespace].join('.');
  return `${token}-${randomBytes(8).toString('hex')}`;
}

/** The owner in a name that `ownedName` made; undefined for any other name. */
export function ownerOf(name: string): ProcessOwner | undefined {
  const match = /^(\d+)\.(\d+)\.([0-9a-f]+)\.(\d+)-[0-9a-f]{16}$/.exec(name);
  if (match === null) return undefined;
  const [, pid = '0', start = '0', boot = '0', namespace = '0'] = match;
  return { pid: Number(pid), start, boot, namespace };
}

export function standingOf(owner: ProcessOwner): Standing {
  const self = currentOwner();
  if (owner.boot !== self.boot) return 'gone';
  if (owner.namespace !== self.namespace) return 'unknown';
  return self.start === '0' ? standingByPid(owner.pid) : standingByProc(owner);
}

function standingByProc(owner: ProcessOwner): Standing {
  const found = readOr(undefined, () => processStart(String(owner.pid)));
  if (found === undefined || found.start !== owner.start) return 'gone';
  // A zombie has ended and only waits for its parent.
  return found.state === 'Z' || found.state === 'X' ? 'gone' : 'alive';
}

function standingByPid(pid: number): Standing {
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? 'alive' : 'gone';
  }
}

// The command's name is in parentheses and may hold anything, so fields are counted from the last `)`.
function processStart(pid: string): { state: string; start: string } | undefined {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  return state === undefined || start === undefined ? undefined : { state, start };
}

function readOr<T>(fallback: T, read: () => T | undefined): T {
  try {
    return read() ?? fallback;
  } catch {
    return fallback;
  }
}
