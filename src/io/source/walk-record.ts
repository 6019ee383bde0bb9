/**
 * A walk of a whole source as it is remembered: every name in every folder that was looked into, what lstat said of the
 * files that were taken, where the links point, and the answer that was made of it all. Kept in columns, in the order
 * of the walk, so that fifty thousand names are compared without an object for each.
 *
 * Folders stand in the order in which a queue finds them: the source itself, then every folder of it that was looked
 * into by name, then theirs. So their paths are known from their names and stand nowhere.
 *
 *     lengths of facts, of names, of links u32, names u32, folders u32, files u32 · facts (JSON) ·
 *     names: those of a folder parted by `/`, folders by NUL · link targets parted by NUL ·
 *     one byte for each name (kind and marks) · rows of the folders · rows of the files (stat-rows.ts)
 */
import type { Digest } from '../../core/digest/digest.ts';
import type { AccountTexts } from '../../core/tree/account-texts.ts';
import { pathFromBytes, pathToBytes } from '../../core/tree/image-path.ts';
import type { NodeKind } from './context-path.ts';
import type { SourceProblem } from './problem-collector.ts';
import { lengthsOf, readSealed, type Seal, writeSealed } from './sealed-file.ts';
import { rowBytes, StatRows } from './stat-rows.ts';

/** What a name's byte says first: the position of its kind. */
export const kinds: readonly NodeKind[] = ['file', 'directory', 'symlink', 'other'];
export const kindMask = 3;
/** The name is an entry of the tree. */
export const takenMark = 4;
/** The folder was looked into. */
export const walkedMark = 8;

/** What was made of the walk. Plain JSON. */
export interface WalkFacts extends AccountTexts {
  /** All that was asked of the context, in one text; the context itself decides the name of the file. */
  readonly key: string;
  /** Digest of the tree. */
  readonly digest: Digest;
  readonly warnings: readonly SourceProblem[];
}

export interface WalkRecord {
  readonly facts: WalkFacts;
  /** The names of each folder in byte order, parted by `/`, which no name holds. */
  readonly names: readonly string[];
  /** The targets of the links that were taken, in the order of the names. */
  readonly links: readonly string[];
  /** A byte for each name. */
  readonly marks: Uint8Array;
  /** A row for each folder: what lstat said before its names were read, or zeros where that proves nothing. */
  readonly folders: StatRows;
  /** A row for each file that was taken, in the order of the names. */
  readonly rows: StatRows;
}

const seal: Seal = { magic: 'LWWK', version: 2 };

const headerLength = 24;

/** Never throws. */
export function writeWalk(file: string, { facts, names, links, marks, folders, rows }: WalkRecord): void {
  const texts = [Buffer.from(JSON.stringify(facts)), joined(names), joined(links)];
  const lengths = lengthsOf(...texts.map((text) => text.length), marks.length, folders.length, rows.length);
  writeSealed(file, seal, [lengths, ...texts, marks, ...folders.bytes(), ...rows.bytes()]);
}

/** Each ended by a NUL, so that one empty text is not the same as none. */
function joined(texts: readonly string[]): Uint8Array {
  return pathToBytes(texts.map((text) => `${text}\0`).join(''));
}

/** Undefined for anything that this version did not write for this key. Never throws. */
export function readWalk(file: string, key: string): WalkRecord | undefined {
  const content = readSealed(file, seal);
  if (content === undefined || content.length < headerLength) return undefined;
  const lengths = [0, 4, 8, 12].map((at) => content.readUInt32LE(at));
  const folderCount = content.readUInt32LE(16);
  const fileCount = content.readUInt32LE(20);
  const parts: Buffer[] = [];
  let end = headerLength;
  for (const length of lengths) {
    parts.push(content.subarray(end, end + length));
    end += length;
  }
  const rowsAt = end + rowBytes(folderCount);
  if (content.length !== rowsAt + rowBytes(fileCount)) return undefined;
  const [factsBytes, names, links, marks] = parts as [Buffer, Buffer, Buffer, Buffer];
  const facts = JSON.parse(factsBytes.toString('utf8')) as WalkFacts;
  if (facts.key !== key) return undefined;
  const folders = StatRows.from(content.subarray(end, rowsAt), folderCount);
  const rows = StatRows.from(content.subarray(rowsAt), fileCount);
  return { facts, names: parted(names), links: parted(links), marks, folders, rows };
}

function parted(bytes: Uint8Array): string[] {
  const texts = pathFromBytes(bytes).split('\0');
  texts.pop();
  return texts;
}
