/**
 * Extended headers, which stand before the entry they describe: PAX for one entry (`x`) and for all that follow (`g`),
 * GNU's long name (`L`) and long link target (`K`). Combinations that readers resolve differently are refused:
 *
 * - two of one kind before one entry, PAX and GNU together, or a `g` after another: GNU tar merges them, Go lets the
 *   last or the GNU one win and forgets what stood before a `g`;
 * - a `g` that says something of entries: GNU tar applies it, Go and bsdtar don't. One that holds only a comment, as
 *   `git archive` writes it, is passed over.
 */
import { copyBytes } from './bytes.ts';
import { describesEntry } from './entry-metadata.ts';
import { refusal } from './layer-error.ts';
import { parsePax, type PaxRecords } from './pax.ts';
import type { Extensions } from './resolve-entry.ts';

export interface ExtendedHeader {
  readonly type: string;
  /** Where its header block stands. */
  readonly offset: number;
  /** May be a view: what is kept is copied. */
  readonly body: Uint8Array;
}

export const noExtensions: Extensions = {};

export function isExtension(type: string): boolean {
  return type === 'x' || type === 'g' || type === 'L' || type === 'K';
}

/** What stands before the next entry once this header has come too. Throws LayerError. */
export function mergeExtension(before: Extensions, header: ExtendedHeader): Extensions {
  if (header.type === 'g' && before === noExtensions) {
    checkGlobal(header);
    return before;
  }
  const isPax = header.type === 'x' || header.type === 'g';
  const merged = isPax ? { pax: recordsOf(header) } : longText(before, header);
  const clash = isPax ? before !== noExtensions : before.pax !== undefined || isRepeated(before, header);
  if (!clash) return merged;
  const found = 'is one extended header too many before one entry';
  throw refusal('layer/ambiguous-header', { offset: header.offset, found });
}

function isRepeated(before: Extensions, { type }: ExtendedHeader): boolean {
  return (type === 'L' ? before.longName : before.longLink) !== undefined;
}

function checkGlobal(header: ExtendedHeader): void {
  const key = [...recordsOf(header).keys()].find(describesEntry);
  if (key === undefined) return;
  const found = `is a global PAX header with a \`${key}\` for all entries`;
  throw refusal('layer/ambiguous-header', { offset: header.offset, found });
}

function recordsOf({ body, offset }: ExtendedHeader): PaxRecords {
  const parsed = parsePax(body);
  if (parsed.ok) return parsed.records;
  throw refusal('layer/bad-pax', { offset, found: `has a PAX record ${parsed.reason}` });
}

function longText(before: Extensions, { type, body, offset }: ExtendedHeader): Extensions {
  let end = body.length;
  while (end > 0 && body[end - 1] === 0) end -= 1;
  const text = copyBytes(body.subarray(0, end));
  if (text.length === 0 || text.includes(0)) {
    throw refusal('layer/bad-header', {
      offset,
      found: 'is a GNU long name that is empty or has a NUL in it',
    });
  }
  return type === 'L' ? { ...before, longName: text } : { ...before, longLink: text };
}
