/**
 * The header of a zstd frame (RFC 8878, 3.1.1.1), read in two steps: its first byte says how long it is. What asks for
 * a dictionary, or for more memory than is allowed, is refused here, before anything is allocated.
 */
import { malformed, needsDictionary, windowTooLarge } from './zstd-refusal.ts';

export interface FrameHeader {
  /** How far back a match may reach, in bytes. */
  readonly windowSize: number;
  /** Bytes of the frame's content, where it says so. */
  readonly contentSize: number | undefined;
  readonly hasChecksum: boolean;
}

/** Bytes that follow the descriptor, from its bits (3.1.1.1.1). Throws LayerError. */
export function headerLength(descriptor: number): number {
  // Reserved_bit: must be zero.
  if ((descriptor & 0x08) !== 0) throw malformed('a frame uses a reserved bit');
  const windowLength = isSingleSegment(descriptor) ? 0 : 1;
  return windowLength + dictionaryLength(descriptor) + contentSizeLength(descriptor);
}

/** `bytes` are those that follow the descriptor. Throws LayerError. */
export function readFrameHeader(descriptor: number, bytes: Uint8Array, maxWindowBytes: number): FrameHeader {
  const windowLength = isSingleSegment(descriptor) ? 0 : 1;
  const dictionaryEnd = windowLength + dictionaryLength(descriptor);
  // 3.1.1.1.3: zero means that none is needed.
  if (readNumber(bytes.subarray(windowLength, dictionaryEnd)) !== 0) throw needsDictionary();
  const length = contentSizeLength(descriptor);
  const size = readNumber(bytes.subarray(dictionaryEnd, dictionaryEnd + length));
  const contentSize = length === 0 ? undefined : length === 2 ? size + 256 : size;
  const windowSize = isSingleSegment(descriptor) ? (contentSize ?? 0) : windowOf(bytes[0] ?? 0);
  if (windowSize > maxWindowBytes) throw windowTooLarge(windowSize, maxWindowBytes);
  return { windowSize, contentSize, hasChecksum: (descriptor & 0x04) !== 0 };
}

function isSingleSegment(descriptor: number): boolean {
  return (descriptor & 0x20) !== 0;
}

function dictionaryLength(descriptor: number): number {
  return [0, 1, 2, 4][descriptor & 3] ?? 0;
}

/** 3.1.1.1.4: one byte even for flag 0, where the frame is a single segment. */
function contentSizeLength(descriptor: number): number {
  const flag = descriptor >> 6;
  return flag === 0 ? (isSingleSegment(descriptor) ? 1 : 0) : 1 << flag;
}

/** 3.1.1.1.2: an exponent and eighths of its power. */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function readNumber(bytes: Uint8Array): number {
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}
