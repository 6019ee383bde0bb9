/**
 * How the parts of the decoder ask for bytes and give some: a number waits for so many, which stand at the begin of
 * `bytes` afterwards; an array is what was decompressed, valid until the next is asked for.
 */
export type Steps = Generator<number | Uint8Array, void, void>;

/** No step waits for more: chunks have 64 KiB of compressed bytes at most. */
export const maxStepBytes = 64 * 1024;

export interface Input {
  readonly bytes: Uint8Array;
  /** Bytes of the whole input that were taken. */
  position: number;
  /** Whether the input may end before the next byte. */
  mayEnd: boolean;
}
