/**
 * Work that one process at a time may do, among all that name the same file: the file is made by who begins and removed
 * when it ends. Whoever was killed in between is known by the owner that stands in it, and its turn is over.
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { removeQuietly } from '../store/durable-file.ts';
import { errorCode, isAbsent } from '../store/file-problem.ts';
import { ownedName, ownerOf, standingOf } from '../store/process-owner.ts';

/** Milliseconds. The work takes a few; whoever cannot be asked, being in another container, has `longest`. */
const times = { between: 20, longest: 10_000 };

export interface Turn {
  /** False where another process took this one for dead; what it was about to publish must be made again. */
  isOurs(): boolean;
}

/** Waits for its turn, however long others take theirs. Throws what the system and the work throw, and on an abort. */
export async function exclusively<T>(
  path: string,
  signal: AbortSignal,
  work: (turn: Turn) => Promise<T>,
): Promise<T> {
  const token = ownedName();
  while (!begin(path, token)) {
    const other = readToken(path);
    if (other === undefined) continue;
    if (isOver(path, other) && readToken(path) === other) removeQuietly(path);
    else await pause(times.between, undefined, { signal });
  }
  const isOurs = (): boolean => readToken(path) === token;
  try {
    return await work({ isOurs });
  } finally {
    if (isOurs()) removeQuietly(path);
  }
}

function begin(path: string, token: string): boolean {
  try {
    writeFileSync(path, token, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Whether the process that made the file has ended. Its token is empty for the moment in which it is written. */
function isOver(path: string, token: string): boolean {
  const owner = ownerOf(token);
  const standing = owner === undefined ? 'unknown' : standingOf(owner);
  if (standing !== 'unknown') return standing === 'gone';
  const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
  return Date.now() - since > times.longest;
}

function readToken(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
