/**
 * One member of a tar as it is written, down to fields that mean nothing to an image but are bytes of it: PAX records,
 * names of owners, the format. Not what a strict reader makes of it (core/tar/tar-entry.ts).
 */
import { escapeText } from '../diagnostic/escape-text.ts';
import type { Digest } from '../digest/digest.ts';
import { parsePax, type PaxRecords } from '../tar/pax.ts';
import { parsePaxTime } from '../tar/pax-time.ts';
import { readBlock } from '../tar/read-block.ts';
import { type Field, fieldOf, fields } from '../tar/tar-block.ts';
import type { Timestamp } from '../tree/file-tree.ts';
import { parseImagePath, pathFromBytes } from '../tree/image-path.ts';

export interface TarMember {
  /** As a path of the image; the root is `.`. */
  readonly path: string;
  /** As it stands there, with leading `./` and the slash of a folder. */
  readonly name: string;
  /** One character (POSIX ustar, typeflag). */
  readonly type: string;
  readonly link: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: Timestamp;
  readonly uname: string;
  readonly gname: string;
  readonly device: string;
  readonly format: 'ustar' | 'GNU' | 'old';
  /** In the order in which they stand there. */
  readonly pax: PaxRecords;
  /** Of every header block, extended ones too: whatever else differs shows here. */
  readonly header: Digest;
  /** Of the content. */
  readonly content: Digest;
  /** Where the content starts in the tar. */
  readonly offset: number;
  /** Whether nothing but zeros fills up its last block. */
  readonly padding: 'zeros' | 'other bytes';
}

export type MemberHeader = Omit<TarMember, 'content' | 'padding'>;

/** An extended header that stands before a member. */
export interface Extension {
  readonly type: string;
  readonly body: Uint8Array;
}

export interface HeaderSource {
  readonly block: Uint8Array;
  readonly extensions: readonly Extension[];
  readonly header: Digest;
  /** Where the block ends in the tar. */
  readonly offset: number;
}

/** Throws LayerError for a block that is no header. */
export function memberHeader({ block, extensions, header, offset }: HeaderSource): MemberHeader {
  const facts = readBlock(block, offset - block.length);
  const pax = recordsOf(extensions);
  const text = (key: string): string | undefined => {
    const value = pax.get(key);
    return value === undefined ? undefined : pathFromBytes(value);
  };
  const name = longText(extensions, 'L') ?? text('path') ?? pathFromBytes(facts.name);
  return {
    path: pathOf(name),
    name,
    type: facts.type === '\0' ? '0' : facts.type,
    link: longText(extensions, 'K') ?? text('linkpath') ?? pathFromBytes(facts.link),
    mode: facts.mode,
    uid: Number(text('uid') ?? facts.uid),
    gid: Number(text('gid') ?? facts.gid),
    size: Number(text('size') ?? facts.size),
    mtime: parsePaxTime(text('mtime') ?? '') ?? { seconds: facts.mtime },
    uname: text('uname') ?? textOf(block, fields.uname),
    gname: text('gname') ?? textOf(block, fields.gname),
    device: `${facts.major}:${facts.minor}`,
    format: formatOf(block),
    pax,
    header,
    offset,
  };
}

const kinds: Readonly<Record<string, string>> = {
  '0': 'a file',
  '1': 'a hardlink',
  '2': 'a symlink',
  '3': 'a character device',
  '4': 'a block device',
  '5': 'a folder',
  '6': 'a fifo',
};

/** `a file of 12 bytes`, `a symlink`. */
export function kindOf({ type, size }: MemberHeader): string {
  return type === '0' ? `a file of ${size} bytes` : (kinds[type] ?? 'something else');
}

function recordsOf(extensions: readonly Extension[]): PaxRecords {
  const records = new Map<string, Uint8Array>();
  for (const { type, body } of extensions) {
    const parsed = type === 'x' || type === 'g' ? parsePax(body) : undefined;
    if (parsed?.ok === true) for (const [key, value] of parsed.records) records.set(key, value);
  }
  return records;
}

function longText(extensions: readonly Extension[], type: 'L' | 'K'): string | undefined {
  const body = extensions.find((extension) => extension.type === type)?.body;
  if (body === undefined) return undefined;
  const end = body.indexOf(0);
  return pathFromBytes(end < 0 ? body : body.subarray(0, end));
}

function pathOf(name: string): string {
  const parsed = parseImagePath(name);
  if (!parsed.ok) return escapeText(name);
  return parsed.path === '' ? '.' : parsed.path;
}

function textOf(block: Uint8Array, field: Field): string {
  const bytes = fieldOf(block, field);
  const end = bytes.indexOf(0);
  return pathFromBytes(end < 0 ? bytes : bytes.subarray(0, end));
}

function formatOf(block: Uint8Array): TarMember['format'] {
  const magic = pathFromBytes(fieldOf(block, fields.magic));
  if (magic.startsWith('ustar\0')) return 'ustar';
  return magic.startsWith('ustar') ? 'GNU' : 'old';
}
