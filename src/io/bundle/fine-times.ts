/**
 * Modification times. Node takes times as doubles of seconds: whole seconds are exact (as text, since a negative number
 * means "now" to Node), fractions are not. Entries with a fraction first get their whole second; at the end touch(1)
 * sets the nanoseconds, folder by folder.
 */
import { lstatSync } from 'node:fs';
import type { Timestamp } from '../../core/tree/file-tree.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { errorCode } from '../store/file-problem.ts';
import { type HeldFolder, pathBelow } from './held-folder.ts';
import { runTool, toolPath } from './system-tool.ts';

export interface FineTime {
  readonly name: string;
  readonly time: Timestamp;
}

/** The whole seconds as Node takes them without loss. */
export function nodeTime(time: Timestamp): string {
  return String(time.seconds);
}

/** Whether nodeTime says all of it. */
export function isWhole(time: Timestamp): boolean {
  return (time.nanoseconds ?? 0) === 0;
}

// What file systems with 32-bit times keep; beyond it the kernel cuts times off without a word.
const alwaysKept = 2 ** 31;

/** Whether every file system keeps what nodeTime says, and that is all of the time. */
export function isSurelyKept(time: Timestamp): boolean {
  return isWhole(time) && Math.abs(time.seconds) < alwaysKept;
}

/** Whether the file system kept the time: false where it cut it off. Looks only where that is possible. */
export function isTimeKept(path: string | Buffer, time: Timestamp): boolean {
  if (isSurelyKept(time)) return true;
  const { mtimeNs } = lstatSync(path, { bigint: true });
  return mtimeNs === inNanoseconds(time);
}

/** Sets times with fractions in one folder; gives back the names whose time could not be kept exactly. */
export function setFineTimes(folder: HeldFolder, times: readonly FineTime[]): string[] {
  if (times.length === 0) return [];
  const current = times.filter(({ name, time }) => hasWholeTime(folder, name, time));
  runTool({
    command: ['touch', '-h', '-m'],
    perRun: 3,
    argumentList: current.flatMap(({ name, time }) => ['-d', `@${decimal(time)}`, toolPath(name)]),
    folderFd: folder.fd,
  });
  return current
    .filter(({ name, time }) => !isTimeKept(pathBelow(folder.fd, name), time))
    .map(({ name }) => name);
}

/** An entry that was replaced or removed since has another time, or none. */
function hasWholeTime(folder: HeldFolder, name: string, time: Timestamp): boolean {
  try {
    const { mtimeNs } = lstatSync(pathBelow(folder.fd, name), { bigint: true });
    return mtimeNs === inNanoseconds({ seconds: time.seconds });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function inNanoseconds({ seconds, nanoseconds = 0 }: Timestamp): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
}

/** `-5.500000000` for 5.5 seconds before 1970, which a timestamp writes as -6 s + 500,000,000 ns. */
function decimal(time: Timestamp): string {
  const total = inNanoseconds(time);
  const size = total < 0n ? -total : total;
  const fraction = (size % 1_000_000_000n).toString().padStart(9, '0');
  return `${total < 0n ? '-' : ''}${(size / 1_000_000_000n).toString()}.${fraction}`;
}

/** Each costs a process of touch(1); images with more keep whole seconds for the rest, which is counted. */
const maxFineTimes = 50_000;

/** The times with fractions of a whole tree, by folder. */
export class FineTimes {
  readonly #folders = new Map<ImagePath, FineTime[]>();

  #count = 0;

  /** False where there are too many already. */
  add(folder: ImagePath, name: string, time: Timestamp): boolean {
    this.#count += 1;
    if (this.#count > maxFineTimes) return false;
    const times = this.#folders.get(folder);
    if (times === undefined) this.#folders.set(folder, [{ name, time }]);
    else times.push({ name, time });
    return true;
  }

  /** The times in one folder, which are then forgotten. */
  take(folder: ImagePath): readonly FineTime[] {
    const times = this.#folders.get(folder) ?? [];
    this.#folders.delete(folder);
    return times;
  }
}
