/** Which files the contents table shows, and in which order. Pure; knows no page. */
import { escapeText } from '../../../../core/diagnostic/escape-text.ts';
import type { Change, ReportFile } from '../../../../core/compare/report.ts';

export type SortKey = 'change' | 'path' | 'size' | 'layer';

/** Of rows of a table. */
export interface Order<Sort> {
  readonly sort: Sort;
  readonly order: 'ascending' | 'descending';
}

export interface Wanted extends Order<SortKey> {
  /** Words that must all stand in the path; case does not matter. */
  readonly search: string;
  readonly change: Change | 'all';
  /** Files of the package at this position, or of none as far as they are seen. */
  readonly of: number | 'none' | 'all';
}

/** Positions in `files`. */
export function fileRows(
  files: readonly ReportFile[],
  { search, change, of, sort, order }: Wanted,
): number[] {
  const words = searchWords(search);
  const rows: number[] = [];
  files.forEach((file, index) => {
    if (change !== 'all' && (file.change !== change || !isCounted(file))) return;
    if (of !== 'all' && !isOf(file, of)) return;
    if (words.length > 0 && !hasWords(escapeText(`/${file.path}`), words)) return;
    rows.push(index);
  });
  // They stand by path already, and equal ones stay so.
  if (sort !== 'path') rows.sort((a, b) => comparators[sort](fileAt(files, a), fileAt(files, b)));
  return order === 'ascending' ? rows : rows.reverse();
}

export function searchWords(search: string): string[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** `words` in lower case. */
export function hasWords(text: string, words: readonly string[]): boolean {
  const searched = text.toLowerCase();
  return words.every((word) => searched.includes(word));
}

function isOf(file: ReportFile, of: number | 'none'): boolean {
  if (of !== 'none') return file.package === of;
  return file.package === undefined && file.layer !== undefined && isCounted(file);
}

function fileAt(files: readonly ReportFile[], index: number): ReportFile {
  const file = files[index];
  if (file === undefined) throw new Error(`Bug: no file ${String(index)}`);
  return file;
}

export const changeOrder: Readonly<Record<Change, number>> = { added: 0, changed: 1, removed: 2, same: 3 };

const comparators: Readonly<Record<Exclude<SortKey, 'path'>, (a: ReportFile, b: ReportFile) => number>> = {
  change: (a, b) => changeOrder[a.change] - changeOrder[b.change],
  size: (a, b) => a.size - b.size,
  layer: (a, b) => (a.layer ?? -1) - (b.layer ?? -1),
};

/** Folders are counted nowhere, and what another layer hides only in the layer's own size. */
function isCounted({ type, hiddenBy }: ReportFile): boolean {
  return type !== 'directory' && hiddenBy === undefined;
}

/** How many files there are of each change. */
export function countsOf(files: readonly ReportFile[]): Record<Change, number> {
  const counts = { added: 0, changed: 0, removed: 0, same: 0 };
  for (const file of files) if (isCounted(file)) counts[file.change] += 1;
  return counts;
}
