/** What every blob writer checks, wherever the bytes go: nothing larger than announced, nothing of another digest. */
import { algorithmOf, type Digest } from '../../core/digest/digest.ts';
import { createHasher, type Hasher } from './native-hasher.ts';
import type { BlobFacts, ExpectedBlob } from './store.ts';
import { StoreError } from './store-error.ts';

/** Counts and hashes bytes on their way into a store. */
export interface BlobCheck {
  /** Throws `store/blob-mismatch` as soon as there are more bytes than expected. */
  update(bytes: Uint8Array): void;
  /** Throws `store/blob-mismatch` where size or digest are not what was expected. */
  finish(): BlobFacts;
}

export function checkBlob(expected: ExpectedBlob): BlobCheck {
  const hasher: Hasher = createHasher(
    expected.digest === undefined ? 'sha256' : algorithmOf(expected.digest),
  );
  let size = 0;
  return {
    update: (bytes) => {
      size += bytes.byteLength;
      if (expected.size !== undefined && size > expected.size) throw tooMany(expected, expected.size);
      hasher.update(bytes);
    },
    finish: () => matched({ digest: hasher.digest(), size }, expected),
  };
}

function matched(facts: BlobFacts, expected: ExpectedBlob): BlobFacts {
  if (expected.size !== undefined && expected.size !== facts.size) {
    throw mismatch(
      `${name(expected.digest)} has ${String(facts.size)} bytes, ${String(expected.size)} were expected`,
    );
  }
  if (expected.digest !== undefined && expected.digest !== facts.digest) {
    throw mismatch(`blob ${expected.digest} cannot be stored: its bytes have the digest ${facts.digest}`);
  }
  return facts;
}

function tooMany(expected: ExpectedBlob, size: number): StoreError {
  return mismatch(`${name(expected.digest)} goes on after the ${String(size)} bytes that were expected`);
}

function name(digest: Digest | undefined): string {
  return digest === undefined ? 'a blob' : `blob ${digest}`;
}

function mismatch(message: string): StoreError {
  return new StoreError('store/blob-mismatch', message, {
    help: 'nothing was stored; the place the bytes came from is wrong or was cut short',
  });
}
