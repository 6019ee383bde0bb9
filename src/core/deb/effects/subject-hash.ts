/**
 * The name under which OpenSSL looks for a certificate in a folder: the first four bytes of the SHA-1 of its subject in
 * canonical form (openssl-rehash(1); crypto/x509/x_name.c, x509_name_canon). Text is made UTF-8 in lower case, blanks at
 * its ends are taken off and runs of them made one.
 */
import { fromBase64 } from '../../digest/base64.ts';
import { sha1 } from '../../digest/sha1.ts';

/** Eight hex digits; undefined for what is no certificate in PEM. */
export function subjectHash(pem: string): string | undefined {
  const body = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----([^-]+)-----END/.exec(pem)?.[1];
  const der = body === undefined ? undefined : fromBase64(body.replace(/\s/g, ''));
  const subject = der === undefined ? undefined : subjectOf(der);
  if (subject === undefined) return undefined;
  const digest = sha1(concat(children(subject).map(canonicalSet)));
  const reversed = [...digest.subarray(0, 4)].reverse();
  return reversed.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Value {
  readonly tag: number;
  readonly content: Uint8Array;
}

const sequence = 0x30;
const set = 0x31;
const utf8String = 0x0c;

/** RFC 5280 4.1: tbsCertificate is [version], serial, signature, issuer, validity, subject, … */
function subjectOf(der: Uint8Array): Uint8Array | undefined {
  const [certificate] = children(der);
  const [body] = certificate === undefined ? [] : children(certificate.content);
  const fields = body === undefined ? [] : children(body.content);
  return fields[fields[0]?.tag === 0xa0 ? 5 : 4]?.content;
}

function canonicalSet({ content }: Value): Uint8Array {
  const members = children(content).map((pair) => {
    const [type, value] = children(pair.content);
    if (type === undefined || value === undefined) return new Uint8Array();
    return encode(sequence, concat([encode(type.tag, type.content), canonicalValue(value)]));
  });
  return encode(set, concat(members));
}

/** Tags of the kinds of text: UTF8, Printable, T61 (as latin1), IA5, Visible, Universal (UTF-32), BMP (UTF-16). */
function canonicalValue({ tag, content }: Value): Uint8Array {
  const text = textOf(tag, content);
  if (text === undefined) return encode(tag, content);
  const plain = text
    .replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '')
    .replace(/[ \t\n\v\f\r]+/g, ' ')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return encode(utf8String, new TextEncoder().encode(plain));
}

function textOf(tag: number, content: Uint8Array): string | undefined {
  switch (tag) {
    case utf8String:
      return new TextDecoder().decode(content);
    case 0x13:
    case 0x14:
    case 0x16:
    case 0x1a:
      return String.fromCharCode(...content);
    case 0x1e:
      return wideText(content, 2);
    case 0x1c:
      return wideText(content, 4);
    default:
      return undefined;
  }
}

function wideText(content: Uint8Array, width: number): string {
  let text = '';
  for (let at = 0; at + width <= content.length; at += width) {
    text += String.fromCodePoint(content.subarray(at, at + width).reduce((sum, byte) => sum * 256 + byte, 0));
  }
  return text;
}

/** The values of DER one after another; what is cut off is left out. */
function children(bytes: Uint8Array): Value[] {
  const values: Value[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1] ?? 0;
    const width = first < 0x80 ? 0 : first & 0x7f;
    const long = bytes.subarray(at + 2, at + 2 + width).reduce((sum, byte) => sum * 256 + byte, 0);
    const start = at + 2 + width;
    const end = start + (first < 0x80 ? first : long);
    if (end > bytes.length || end < start) break;
    values.push({ tag, content: bytes.subarray(start, end) });
    at = end;
  }
  return values;
}

function encode(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return concat([Uint8Array.from([tag, ...head]), content]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
