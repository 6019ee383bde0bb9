/** What a hostile tar is made of. */
import { type Bytes, member, type RawHeader } from './raw-tar.ts';

export interface HostileTar {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** A code of area `layer/` without the area, or `read`. */
  readonly verdict: string;
}

export function file(header: RawHeader = {}, body: Bytes = 'x'): Uint8Array {
  return member({ name: 'f', ...header }, body);
}

/** A field of so many bytes with a number in base 256, its low bytes given. */
export function base256(length: number, ...low: number[]): Uint8Array {
  const bytes = Buffer.alloc(length);
  Buffer.from(low).copy(bytes, length - low.length);
  bytes[0] = (bytes[0] ?? 0) | 0x80;
  return bytes;
}

/** A negative number in base 256: -256 plus its low byte. */
export function negative(length: number, low: number): Uint8Array {
  const bytes = Buffer.alloc(length, 0xff);
  bytes[length - 1] = low;
  return bytes;
}
