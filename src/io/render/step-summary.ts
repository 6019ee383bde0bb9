/**
 * What a build made, as the Markdown of a step's summary on GitHub: its images, and for each the layers, how large they
 * are and were, and why they were made. Names from outside cannot become markup.
 */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { Digest } from '../../core/digest/digest.ts';
import { formatBytes, formatGrowth } from './quantity.ts';

export interface SummaryLayer {
  readonly label: string;
  readonly outcome: 'built' | 'cached' | 'base';
  readonly why: string;
  /** Bytes, and those of the build before where they are known. */
  readonly size: number;
  readonly before?: number | undefined;
}

/** One platform of an image. */
export interface SummaryImage {
  readonly name: string;
  readonly platform: string;
  readonly digest: Digest;
  readonly size: number;
  readonly newBytes: number;
  readonly before?: number | undefined;
  readonly layers: readonly SummaryLayer[];
}

/** GitHub takes no more than a mebibyte of all summaries of a step, older servers no more than 128 KiB. */
const mostLayers = 150;

export function stepSummary(images: readonly SummaryImage[]): string {
  const rows = images.map(({ name, platform, digest, size, newBytes, before }) => [
    code(name),
    code(platform),
    formatBytes(size),
    formatBytes(newBytes),
    growthText(size, before),
    code(digest),
  ]);
  const head = ['image', 'platform', '>size', '>new', '>change', 'digest'];
  const parts = [`### layerwright\n\n${tableText(head, rows)}`];
  let left = mostLayers;
  for (const image of images) {
    if (left > 0) parts.push(layersText(image, left));
    left -= image.layers.length;
  }
  return `${parts.join('\n')}\n`;
}

function layersText({ name, platform, layers }: SummaryImage, most: number): string {
  const rows = layers
    .slice(0, most)
    .map(({ label, outcome, why, size, before }) => [
      code(label),
      formatBytes(size),
      growthText(size, before),
      outcome,
      plain(why),
    ]);
  const title = `Layers of ${code(name)} for ${code(platform)}`;
  const more = layers.length > most ? `\n… and ${String(layers.length - most)} more\n` : '';
  const table = tableText(['layer', '>size', '>change', '', 'why'], rows);
  return `<details><summary>${title}</summary>\n\n${table}${more}\n</details>\n`;
}

function growthText(size: number, before: number | undefined): string {
  return before === undefined ? '' : formatGrowth(size - before);
}

/** `>` before a head's text makes its column one of numbers. */
function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const names = head.map((name) => name.replace('>', ''));
  const rules = head.map((name) => (name.startsWith('>') ? '---:' : '---'));
  return [names, rules, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function code(text: string): string {
  return `<code>${plain(text)}</code>`;
}

/** Longer than this says no more. */
const longest = 300;

/** All that could be markup as a numeric character reference, which never is (CommonMark 6.2 and 2.5). */
function plain(text: string): string {
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return escapeText(shown).replace(
    /[^\p{L}\p{N} .,;/…→±+-]/gu,
    (unit) => `&#${String(unit.codePointAt(0))};`,
  );
}
