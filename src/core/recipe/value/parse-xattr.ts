/** Values of extended attributes as getfattr(1) prints them: text, `0x…` hex, `0s…` base64. */
import { fromBase64, toBase64 } from '../../digest/base64.ts';

/** Linux's limit of one value (xattr(7)). */
const longest = 65_536;

/** The value as padded base64; undefined where hex or base64 is malformed, or the value too long. */
export function parseXattr(text: string): string | undefined {
  const bytes = bytesOf(text);
  return bytes === undefined || bytes.length > longest ? undefined : toBase64(bytes);
}

function bytesOf(text: string): Uint8Array | undefined {
  if (/^0x/i.test(text)) return hexBytes(text.slice(2));
  if (/^0s/i.test(text)) return fromBase64(text.slice(2));
  return new TextEncoder().encode(text);
}

function hexBytes(hex: string): Uint8Array | undefined {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(hex)) return undefined;
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** xattr(7), Extended attribute namespaces. */
export function isXattrName(name: string): boolean {
  return name.length <= 255 && /^(?:user|security|trusted|system)\.[^\p{Cc}]+$/u.test(name);
}
