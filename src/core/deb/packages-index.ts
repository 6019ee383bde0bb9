/**
 * A Packages index (Debian repository format, "Packages" indices): 60 MB of stanzas of which a build needs a few
 * hundred. One pass over the bytes notes where each package's stanza stands and which names are provided; a stanza is
 * read when it is asked for. The bytes themselves are kept, and nothing else of that size.
 */
import { quoteText } from '../diagnostic/escape-text.ts';
import { malformed } from './deb-error.ts';
import { firstMention } from './first-mention.ts';
import { readRecord, type PackageRecord } from './package-record.ts';

export interface PackagesIndex {
  /** What to call it in messages, e.g. its suite and component. */
  readonly what: string;
  /** Names of the packages that are really there. */
  names(): Iterable<string>;
  /** Every version of a package, in the index's order. */
  recordsOf(name: string): readonly PackageRecord[];
  /** The packages whose Provides names `name`, in the index's order. */
  providersOf(name: string): readonly PackageRecord[];
  /** Where a name is first mentioned as a package or in a relationship, in bytes; undefined where nowhere. */
  mentionOf(name: string): number | undefined;
}

/** `bytes` are the decompressed index, and are not to be changed afterwards. */
export function parsePackages(bytes: Uint8Array, what: string): PackagesIndex {
  const found = scan(bytes, what);
  const read = new Map<number, PackageRecord>();
  const recordAt = (number: number): PackageRecord => {
    const known = read.get(number);
    if (known !== undefined) return known;
    const record = readRecord(stanzaText(bytes, found, number), what);
    read.set(number, record);
    return record;
  };
  return {
    what,
    names: () => found.packages.keys(),
    recordsOf: (name) => (found.packages.get(name) ?? []).map(recordAt),
    providersOf: (name) => (found.provided.get(name) ?? []).map(recordAt),
    mentionOf: (name) => firstMention(bytes, name),
  };
}

interface Scan {
  /** Offset of each stanza, and of the end. */
  readonly starts: number[];
  readonly packages: Map<string, number[]>;
  readonly provided: Map<string, number[]>;
}

const lineFeed = 0x0a;
const ascii = new TextDecoder('latin1');
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const packageField = bytesOf('Package:');
const providesField = bytesOf('Provides:');

function scan(bytes: Uint8Array, what: string): Scan {
  const found: Scan = { starts: [], packages: new Map(), provided: new Map() };
  const end = bytes.length;
  let at = 0;
  while (at < end) {
    while (at < end && bytes[at] === lineFeed) at += 1;
    if (at < end) at = scanStanza(bytes, at, { found, what });
  }
  found.starts.push(end);
  return found;
}

/** Notes the stanza that begins at `start`; gives the offset of the blank line or the end behind it. */
function scanStanza(
  bytes: Uint8Array,
  start: number,
  { found, what }: { found: Scan; what: string },
): number {
  const number = found.starts.push(start) - 1;
  let name = '';
  let at = start;
  while (at < bytes.length && bytes[at] !== lineFeed) {
    const end = endOfLine(bytes, at);
    // 0x50 is P, the first letter of both: one look at a byte passes over the other forty fields.
    if (bytes[at] === 0x50) {
      if (name === '' && startsWith(bytes, at, packageField)) {
        name = ascii.decode(bytes.subarray(at + packageField.length, end)).trim();
      } else if (startsWith(bytes, at, providesField)) {
        noteProvided(found, number, valueText(bytes, at + providesField.length));
      }
    }
    at = end + 1;
  }
  if (name === '') throw malformed(what, `has a stanza without a package at byte ${String(start)}`);
  note(found.packages, name, number);
  return at;
}

function noteProvided(found: Scan, number: number, value: string): void {
  for (const part of value.split(',')) {
    const name = /^[^\s(:]+/.exec(part.trim())?.[0];
    if (name !== undefined && found.provided.get(name)?.at(-1) !== number) note(found.provided, name, number);
  }
}

function note(map: Map<string, number[]>, name: string, number: number): void {
  const known = map.get(name);
  if (known === undefined) map.set(name, [number]);
  else known.push(number);
}

/** The rest of a field with its continuation lines. */
function valueText(bytes: Uint8Array, from: number): string {
  let end = endOfLine(bytes, from);
  while (bytes[end + 1] === 0x20 || bytes[end + 1] === 0x09) end = endOfLine(bytes, end + 1);
  return ascii.decode(bytes.subarray(from, end));
}

function stanzaText(bytes: Uint8Array, found: Scan, number: number): string {
  const start = found.starts[number];
  const end = found.starts[number + 1];
  if (start === undefined || end === undefined)
    throw new Error(`Bug: no stanza ${quoteText(String(number))}`);
  return utf8.decode(bytes.subarray(start, end));
}

function endOfLine(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== lineFeed) at += 1;
  return at;
}

function startsWith(bytes: Uint8Array, at: number, field: Uint8Array): boolean {
  for (let index = 0; index < field.length; index += 1) {
    if (bytes[at + index] !== field[index]) return false;
  }
  return true;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
