/**
 * Two images side by side, for people: what each is, a section each for config, manifest, layers, packages and files, and last
 * what a pull moves. Long sections are cut unless everything is asked for, and shared layers and files that differ in
 * nothing but their times are counted.
 */
import type { FieldDifference } from '../../core/compare/compare-documents.ts';
import type { FileDifference } from '../../core/compare/compare-files.ts';
import type { ComparedImage, ImageDifferences } from '../../core/compare/diff-images.ts';
import type { LayerDifference } from '../../core/compare/compare-layers.ts';
import type { PackageDifference } from '../../core/compare/image-packages.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { isConfigType, isIndexType, isManifestType } from '../../core/oci/media-type.ts';
import { columnOf, fitCells, padCells } from './cells.ts';
import { type DiffRow, fieldRow, fileRow, layerRow, packageRow } from './diff-rows.ts';
import { dim, green, paint, red, yellow } from './paint.ts';
import { formatBytes, formatCount, formatDigest, formatExactBytes } from './quantity.ts';
import type { Screen } from './renderer.ts';

export interface DiffPaper {
  readonly color: Screen['color'];
  /** Values are cut to fit. */
  readonly columns: number;
  /** `totals` has no rows, `all` has every row with its whole text. */
  readonly detail: 'totals' | 'some' | 'all';
}

const colors: Readonly<Record<DiffRow['sign'], string>> = { '+': green, '-': red, '~': yellow, '=': dim };

const mostRows = 20;
const shortestText = 20;
const widestName = 48;

export function diffText(differences: ImageDifferences, paper: DiffPaper): string {
  const { before, after, config, manifest, pull } = differences;
  const sections = [
    sectionText({ title: 'config', totals: fieldTotals(config), rows: config.map(fieldRow) }, paper),
    sectionText({ title: 'manifest', totals: fieldTotals(manifest), rows: manifest.map(fieldRow) }, paper),
    sectionText(layerSection(differences.layers, paper), paper),
    sectionText(packageSection(differences), paper),
    sectionText(fileSection(differences, paper), paper),
    verdict(differences),
  ].filter((text) => text !== '');
  const gap = paper.detail === 'totals' ? '' : '\n';
  return [headText(before, after), ...sections, pullText(pull, after)].join(gap);
}

/** `A  oci:out/app  linux/amd64  sha256:1a2b3c4d5e6f…  48.1 MB`, and below it B with how much larger it is. */
function headText(before: ComparedImage, after: ComparedImage): string {
  const cells = (letter: string, { name, platform, digest, size }: ComparedImage): string[] => [
    letter,
    escapeText(name),
    escapeText(platform),
    formatDigest(digest),
    formatBytes(size),
  ];
  const rows = [cells('A', before), [...cells('B', after), growthText(after.size - before.size)]];
  const widthOf = (column: number): number =>
    columnOf(
      rows.map((row) => row[column] ?? ''),
      Infinity,
    );
  const lines = rows.map((row) => row.map((cell, column) => padCells(cell, widthOf(column))).join('  '));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function growthText(bytes: number): string {
  if (bytes === 0) return '';
  return `${bytes > 0 ? '+' : '-'}${formatBytes(Math.abs(bytes))}`;
}

interface Section {
  readonly title: string;
  /** Empty where there is nothing to tell. */
  readonly totals: string;
  readonly rows: readonly DiffRow[];
}

function sectionText({ title, totals, rows }: Section, paper: DiffPaper): string {
  if (totals === '') return '';
  const head = `${title.padEnd(8)}  ${totals}\n`;
  return paper.detail === 'totals' ? head : head + rowsText(rows, paper);
}

function rowsText(rows: readonly DiffRow[], { color, columns, detail }: DiffPaper): string {
  const shown = detail === 'all' ? rows : rows.slice(0, mostRows);
  const names = shown.map(({ name }) => name);
  const column = columnOf(names, Math.min(widestName, Math.floor(columns / 2)));
  // The sign, blanks around the name, and a last cell that stays free, since some terminals wrap behind it.
  const room = Math.max(columns - column - 7, shortestText);
  const lines = shown.map(({ sign, name, text }) => {
    const told = detail === 'all' ? text : fitCells(text, room);
    return `  ${paint(sign, colors[sign], { color })} ${padCells(name, column)}  ${told}`.trimEnd();
  });
  const left = rows.length - shown.length;
  const more = left === 0 ? [] : [paint(`  … and ${String(left)} more (-v shows them)`, dim, { color })];
  return [...lines, ...more].map((line) => `${line}\n`).join('');
}

function fieldTotals(fields: readonly FieldDifference[]): string {
  const rows = fields.map(fieldRow);
  const count = (sign: DiffRow['sign']): number => rows.filter((row) => row.sign === sign).length;
  return totalsText({ changed: count('~'), added: count('+'), removed: count('-') });
}

function layerSection(layers: readonly LayerDifference[], { detail }: DiffPaper): Section {
  const count = (change: LayerDifference['change']): number =>
    layers.filter((layer) => layer.change === change).length;
  const moved = layers.filter((layer) => 'moved' in layer && layer.moved);
  const totals = totalsText({
    shared: count('shared'),
    moved: moved.length,
    'packed otherwise': count('recompressed'),
    changed: count('changed'),
    added: count('added'),
    removed: count('removed'),
  });
  const told = layers.filter((layer) => detail === 'all' || layer.change !== 'shared' || layer.moved);
  return { title: 'layers', totals, rows: told.map(layerRow) };
}

function packageSection({ packages = [] }: ImageDifferences): Section {
  const count = (change: PackageDifference['change']): number =>
    packages.filter((one) => one.change === change).length;
  const totals = { changed: count('changed'), added: count('added'), removed: count('removed') };
  return { title: 'packages', totals: totalsText(totals), rows: packages.map(packageRow) };
}

function fileSection({ files, before, after }: ImageDifferences, { detail }: DiffPaper): Section {
  const weighty = files.filter((file) => !isOfTimesAlone(file));
  const count = (change: FileDifference['change']): number =>
    weighty.filter((file) => file.change === change).length;
  const totals = totalsText({
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    'in their times alone': files.length - weighty.length,
  });
  const sizes = new Set([before, after].map(({ fileBytes }) => formatBytes(fileBytes)));
  return {
    title: 'files',
    totals: totals === '' ? '' : `${totals}  (${[...sizes].join(' → ')} unpacked)`,
    rows: (detail === 'all' ? files : weighty).map(fileRow),
  };
}

function isOfTimesAlone(file: FileDifference): boolean {
  return file.change === 'changed' && file.aspects.every((aspect) => aspect === 'mtime');
}

/** `2 added, 1 removed`: what there is none of is left out. */
function totalsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .flatMap(([what, count]) => (count === 0 ? [] : [`${String(count)} ${what}`]))
    .join(', ');
}

function verdict({ same, config, manifest, layers, files }: ImageDifferences): string {
  if (same) return 'nothing differs\n';
  const untouched = layers.every((layer) => layer.change === 'shared' && !layer.moved);
  const isBytesAlone = untouched && config.length + manifest.length + files.length === 0;
  return isBytesAlone ? 'nothing differs but how the documents are written\n' : '';
}

/** `a host that holds A pulls 521334 bytes (521.3 kB) of B: manifest, config, 1 of 5 layers`. */
function pullText({ bytes, blobs }: ImageDifferences['pull'], { layers }: ComparedImage): string {
  const documents = blobs.flatMap(({ mediaType }) => documentName(mediaType) ?? []);
  const moved = [
    ...documents,
    `${String(blobs.length - documents.length)} of ${formatCount(layers, 'layer')}`,
  ];
  const what = blobs.length === 0 ? 'it has everything' : moved.join(', ');
  return `a host that holds A pulls ${formatExactBytes(bytes)} of B: ${what}\n`;
}

function documentName(mediaType: string): string | undefined {
  if (isIndexType(mediaType)) return 'index';
  if (isManifestType(mediaType)) return 'manifest';
  return isConfigType(mediaType) ? 'config' : undefined;
}
