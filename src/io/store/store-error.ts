/** The store could not do what it was asked: every StoreError names the path or the digest, and says what was found. */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import type { Digest } from '../../core/digest/digest.ts';
import { cureFor, fileProblemOf, systemWords } from './file-problem.ts';

export class StoreError extends Failure {}

/** What the system said while `path` was being worked on; `doing` is a verb phrase such as `writing a blob to`. */
export function storeErrorOf(error: unknown, doing: string, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const message = `${doing} ${escapeText(path)} failed: ${systemWords(error)}`;
  return new StoreError(`store/${fileProblemOf(error)}`, message, { help: cureFor(error), cause: error });
}

export function blobMissing(digest: Digest): StoreError {
  return new StoreError('store/blob-missing', `the store has no blob ${digest}`, {
    help: 'build or pull again: what is missing is made or fetched anew',
  });
}

export function blobCorrupt(digest: Digest, found: string): StoreError {
  return new StoreError('store/blob-corrupt', `the store's blob ${digest} is corrupt: ${found}`, {
    help: 'it was moved out of the way; build or pull again and it is made or fetched anew',
  });
}

export function blobTooLarge(digest: Digest, facts: { size: number; limit: number }): StoreError {
  const { size, limit } = facts;
  return new StoreError('store/blob-too-large', `blob ${digest} has ${size} bytes, the limit is ${limit}`, {
    help: 'no honest manifest or config is as large; name another image',
  });
}
