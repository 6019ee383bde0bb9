/**
 * oci.lock on disk: read as a lock, and changed by one process at a time, each change made to what stands there then. A
 * reader sees the old file or the new one, whole.
 */
import { readFileSync } from 'node:fs';
import { type Outcome, succeed } from '../../core/diagnostic/diagnostic.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import type { SourceText } from '../../core/diagnostic/source-text.ts';
import { decodeText } from '../../core/recipe/decode-text.ts';
import { formatLock } from '../../core/recipe/lock/format-lock.ts';
import type { Lock, LockDocument } from '../../core/recipe/lock/lock.ts';
import { knownLock, lockProblems, parseLock } from '../../core/recipe/lock/parse-lock.ts';
import { replaceFile } from '../store/durable-file.ts';
import { cureFor, isAbsent, systemWords } from '../store/file-problem.ts';
import { ownedName } from '../store/process-owner.ts';
import { exclusively, type Turn } from './exclusive-work.ts';
import type { LockMemory } from './lock-memory.ts';
import { SourceError } from './source-error.ts';

export interface LockFile {
  /** Absolute. */
  readonly path: string;
  /** What messages call it: the path as the user would write it. */
  readonly name: string;
  /** Told each text that is read or written, for whoever shows lines of it. */
  readonly onText?: (source: SourceText) => void;
  /** Saves parsing a text that was read before; it is parsed, if absent. */
  readonly memory?: LockMemory;
}

/** Undefined where there is no such file. Throws SourceError `lock/unwritable`. */
export function readLockFile(file: LockFile): Outcome<LockDocument | undefined> {
  const bytes = readBytes(file);
  if (bytes === undefined) return succeed(undefined);
  const decoded = decodeText(file.name, bytes);
  if (!decoded.ok) return { ok: false, diagnostics: lockProblems(decoded.diagnostics) };
  file.onText?.(decoded.value);
  const known = file.memory?.recall(bytes);
  if (known !== undefined) return succeed(knownLock(known, decoded.value));
  const parsed = parseLock(decoded.value);
  if (parsed.ok && parsed.warnings.length === 0) file.memory?.keep(bytes, parsed.value.lock);
  return parsed;
}

/**
 * Replaces the lock by what `change` makes of it; a file that says the same already stays as it is. Throws SourceError
 * `lock/unwritable`, and on an abort.
 */
export async function changeLockFile(
  file: LockFile,
  signal: AbortSignal,
  change: (current: Lock | undefined) => Lock,
): Promise<Outcome<LockDocument>> {
  try {
    for (;;) {
      const changed = await exclusively(`${file.path}.writing`, signal, (turn) =>
        changeInTurn(file, turn, change),
      );
      if (changed !== 'lost') return changed;
    }
  } catch (error) {
    throw unwritable(file, 'writing', error);
  }
}

async function changeInTurn(
  file: LockFile,
  turn: Turn,
  change: (current: Lock | undefined) => Lock,
): Promise<Outcome<LockDocument> | 'lost'> {
  const current = readLockFile(file);
  if (!current.ok) return current;
  const before = current.value;
  const text = formatLock(change(before?.lock));
  if (before !== undefined && formatLock(before.lock) === text) return succeed(before);
  if (!turn.isOurs()) return 'lost';
  await replaceFile(file.path, Buffer.from(text), `${file.path}.${ownedName()}`);
  const source = { name: file.name, text };
  file.onText?.(source);
  return parseLock(source);
}

function readBytes(file: LockFile): Uint8Array | undefined {
  try {
    return readFileSync(file.path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw unwritable(file, 'reading', error);
  }
}

function unwritable({ name }: LockFile, doing: string, error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error) || !('syscall' in error)) return error;
  return new SourceError('lock/unwritable', `${doing} ${escapeText(name)} failed: ${systemWords(error)}`, {
    help: cureFor(error),
    cause: error,
  });
}
