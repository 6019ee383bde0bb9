/**
 * The file of a stat index, as compact as it is quick to read (sealed-file.ts):
 *
 *     length of place u32 · of paths u32 · count u32 · place · paths, each ended by NUL · rows (stat-rows.ts)
 */
import { pathFromBytes, pathToBytes } from '../../core/tree/image-path.ts';
import { lengthsOf, readSealed, type Seal, writeSealed } from './sealed-file.ts';
import { rowBytes, StatRows } from './stat-rows.ts';

export interface StatTable {
  /** The row of each path. */
  readonly paths: Map<string, number>;
  readonly rows: StatRows;
}

/** A file, and what stands in it so that no other place's is taken for it. */
export interface TablePlace {
  readonly file: string;
  readonly place: string;
}

const seal: Seal = { magic: 'LWST', version: 2 };

export function emptyStatTable(): StatTable {
  return { paths: new Map(), rows: new StatRows() };
}

/** Never throws. Every path of `table` has to stand at the row that it has in turn. */
export function writeStatTable({ file, place }: TablePlace, { paths, rows }: StatTable): void {
  const placeBytes = pathToBytes(place);
  const text = pathToBytes([...paths.keys()].map((path) => `${path}\0`).join(''));
  const lengths = lengthsOf(placeBytes.length, text.length, rows.length);
  writeSealed(file, seal, [lengths, placeBytes, text, ...rows.bytes()]);
}

/** Empty for anything that this version did not write for this place. Never throws. */
export function readStatTable({ file, place }: TablePlace): StatTable {
  const content = readSealed(file, seal);
  return (content === undefined ? undefined : decodeTable(content, place)) ?? emptyStatTable();
}

function decodeTable(content: Buffer, place: string): StatTable | undefined {
  if (content.length < 12) return undefined;
  const [placeLength, textLength, count] = [0, 4, 8].map((at) => content.readUInt32LE(at)) as [
    number,
    number,
    number,
  ];
  const textAt = 12 + placeLength;
  const rowsAt = textAt + textLength;
  if (content.length !== rowsAt + rowBytes(count)) return undefined;
  if (pathFromBytes(content.subarray(12, textAt)) !== place) return undefined;
  const paths = new Map<string, number>();
  const text = pathFromBytes(content.subarray(textAt, rowsAt));
  for (let at = 0; paths.size < count;) {
    const end = text.indexOf('\0', at);
    if (end < 0) return undefined;
    paths.set(text.slice(at, end), paths.size);
    at = end + 1;
  }
  return { paths, rows: StatRows.from(content.subarray(rowsAt), count) };
}
