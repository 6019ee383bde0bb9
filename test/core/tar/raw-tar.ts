/** Tars written field by field, right or wrong as a test wants them. Independent of the writer in src/. */
import { LayerError } from '../../../src/core/tar/layer-error.ts';
import { defaultTarLimits } from '../../../src/core/tar/tar-limits.ts';
import { createTarReader } from '../../../src/core/tar/tar-reader.ts';
import type { TarEntry, TarLimits } from '../../../src/core/tar/tar-entry.ts';

export type Bytes = string | Uint8Array;

export interface RawHeader {
  readonly name?: Bytes;
  readonly type?: string;
  /** A number is written as octal, text as it is. */
  readonly size?: number | Bytes;
  readonly mode?: number | Bytes;
  readonly uid?: number | Bytes;
  readonly gid?: number | Bytes;
  readonly mtime?: number | Bytes;
  readonly major?: number | Bytes;
  readonly minor?: number | Bytes;
  readonly link?: Bytes;
  readonly prefix?: Bytes;
  /** All eight bytes. */
  readonly magic?: Bytes;
  readonly checksum?: Bytes;
  /** Bytes 500 to 511. */
  readonly tail?: Bytes;
}

export const gnuMagic = 'ustar  \0';
export const oldMagic = '';

export function bytesOf(value: Bytes): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
}

export function rawHeader(header: RawHeader): Uint8Array {
  const block = Buffer.alloc(512);
  const put = (value: Bytes, at: number): void => void Buffer.from(bytesOf(value)).copy(block, at);
  const number = (value: number | Bytes, at: number, length: number): void =>
    put(typeof value === 'number' ? `${value.toString(8).padStart(length - 1, '0')}\0` : value, at);
  put(header.name ?? 'f', 0);
  number(header.mode ?? 0o644, 100, 8);
  number(header.uid ?? 0, 108, 8);
  number(header.gid ?? 0, 116, 8);
  number(header.size ?? 0, 124, 12);
  number(header.mtime ?? 0, 136, 12);
  put(header.type ?? '0', 156);
  put(header.link ?? '', 157);
  put(header.magic ?? 'ustar\x0000', 257);
  number(header.major ?? 0, 329, 8);
  number(header.minor ?? 0, 337, 8);
  put(header.prefix ?? '', 345);
  put(header.tail ?? '', 500);
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.fill(header.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148, 156, 'latin1');
  return block;
}

export function padded(body: Bytes): Uint8Array {
  const bytes = bytesOf(body);
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

/** A header with its content, whose size it says unless told otherwise. */
export function member(header: RawHeader, body: Bytes = ''): Uint8Array {
  return Buffer.concat([rawHeader({ size: bytesOf(body).length, ...header }), padded(body)]);
}

export function record(key: string, value: Bytes): Uint8Array {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), bytesOf(value), Buffer.from('\n')]);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** A PAX header with these records; one given as bytes stands as it is. */
export function pax(...records: (readonly [string, Bytes] | Uint8Array)[]): Uint8Array {
  return extended('x', Buffer.concat(records.map((it) => (it instanceof Uint8Array ? it : record(...it)))));
}

export function extended(type: string, body: Bytes): Uint8Array {
  return member(
    { name: 'extended', type, magic: type === 'x' || type === 'g' ? 'ustar\x0000' : gnuMagic },
    body,
  );
}

export const endBlocks: Uint8Array = Buffer.alloc(1024);

export function tar(...parts: Uint8Array[]): Uint8Array {
  return Buffer.concat([...parts, endBlocks]);
}

export interface ReadEntry {
  readonly entry: TarEntry;
  readonly offset: number;
  readonly content: string | undefined;
}

/** Reads a whole tar in chunks of `chunk` bytes; contents are latin1 text. */
export function readAll(
  bytes: Uint8Array,
  chunk = bytes.length,
  limits: TarLimits = defaultTarLimits,
): ReadEntry[] {
  const reader = createTarReader(limits);
  const entries: ReadEntry[] = [];
  // One buffer for all chunks, overwritten between them, as a careful source may do it.
  const buffer = Buffer.alloc(chunk);
  let content = '';
  for (let at = 0; at < bytes.length; at += chunk) {
    const length = Buffer.from(bytes).copy(buffer, 0, at, at + chunk);
    for (const step of reader.push(buffer.subarray(0, length))) {
      if (step.type === 'entry') entries.push({ entry: step.entry, offset: step.offset, content: undefined });
      else if (step.type === 'content') content += Buffer.from(step.bytes).toString('latin1');
      else {
        entries.push({ ...(entries.pop() as ReadEntry), content });
        content = '';
      }
    }
    buffer.fill(0xee);
  }
  reader.end();
  return entries;
}

/** The code of the LayerError that reading throws, `read` where it throws none; anything else thrown goes on. */
export function verdict(read: () => unknown): string {
  try {
    read();
    return 'read';
  } catch (error) {
    if (error instanceof LayerError) return error.code;
    throw error;
  }
}
