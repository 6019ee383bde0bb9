/** Differences of two images as rows for people: a sign, what differs, and how. What comes from outside is escaped. */
import type { FieldDifference } from '../../core/compare/compare-documents.ts';
import type {
  ChangedFile,
  ComparedNode,
  FileAspect,
  FileDifference,
} from '../../core/compare/compare-files.ts';
import type { ComparedLayer, LayerDifference } from '../../core/compare/compare-layers.ts';
import type { PackageDifference } from '../../core/compare/image-packages.ts';
import { canonicalJson } from '../../core/digest/canonical-json.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { formatBytes, formatDigest } from './quantity.ts';

/** `+` and `-` only one image has, `~` both have and differ in, `=` both have. */
export interface DiffRow {
  readonly sign: '+' | '-' | '~' | '=';
  readonly name: string;
  readonly text: string;
}

export function fieldRow({ field, key, before, after }: FieldDifference): DiffRow {
  const name = escapeText(key === undefined ? field : `${field} ${key}`);
  if (before === undefined) return { sign: '+', name, text: valueText(after) ?? '' };
  if (after === undefined) return { sign: '-', name, text: valueText(before) ?? '' };
  return { sign: '~', name, text: changeText(before, after) };
}

/** JSON; nothing for what is only there or not, and a count for the history. */
function valueText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === true) return '';
  return isHistory(value) ? formatEntries(value.length) : escapeText(JSON.stringify(value));
}

/** Nobody reads two histories on one line. */
function changeText(before: unknown, after: unknown): string {
  if (!isHistory(before) || !isHistory(after) || before.length !== after.length)
    return `${valueText(before) ?? ''} → ${valueText(after) ?? ''}`;
  const differing = before.filter((entry, at) => canonicalJson(entry) !== canonicalJson(after[at]));
  return `in ${String(differing.length)} of ${formatEntries(before.length)}`;
}

function isHistory(value: unknown): value is readonly object[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'object');
}

function formatEntries(count: number): string {
  return count === 1 ? '1 entry' : `${String(count)} entries`;
}

export function layerRow(difference: LayerDifference): DiffRow {
  switch (difference.change) {
    case 'added':
      return { sign: '+', name: layerName(difference.after), text: layerText(difference.after) };
    case 'removed':
      return { sign: '-', name: layerName(difference.before), text: layerText(difference.before) };
    case 'shared': {
      const { after } = difference;
      return { sign: '=', name: layerName(after), text: layerText(after) + movedText(difference) };
    }
    case 'changed':
    case 'recompressed': {
      const { change, before, after } = difference;
      const same = change === 'recompressed' ? '  same content, packed otherwise' : '';
      const text = `${layerText(before)} → ${layerText(after)}${same}${movedText(difference)}`;
      return { sign: '~', name: layerName(after), text };
    }
  }
}

function layerName({ position, label, createdBy }: ComparedLayer): string {
  const words = label ?? createdBy ?? '';
  return escapeText(words === '' ? `layer ${String(position + 1)}` : words);
}

function layerText({ digest, size }: ComparedLayer): string {
  return `${formatDigest(digest)} ${formatBytes(size)}`;
}

function movedText({ moved, before, after }: Extract<LayerDifference, { moved: boolean }>): string {
  return moved ? `  moved from ${String(before.position + 1)} to ${String(after.position + 1)}` : '';
}

/** An npm package is called by its folder, of which there may be several. */
export function packageRow({
  kind,
  name,
  place,
  change,
  before = '',
  after = '',
}: PackageDifference): DiffRow {
  const shown = escapeText(kind === 'npm' ? `/${place}` : name);
  const [was, is] = [escapeText(before), escapeText(after)];
  if (change === 'added') return { sign: '+', name: shown, text: is };
  if (change === 'removed') return { sign: '-', name: shown, text: was };
  return { sign: '~', name: shown, text: `${was} → ${is}` };
}

export function fileRow(difference: FileDifference): DiffRow {
  const name = `/${escapeText(difference.path)}`;
  switch (difference.change) {
    case 'added':
      return { sign: '+', name, text: nodeText(difference.after) };
    case 'removed':
      return { sign: '-', name, text: nodeText(difference.before) };
    case 'changed':
      return {
        sign: '~',
        name,
        text: difference.aspects.map((aspect) => aspectText(aspect, difference)).join(', '),
      };
  }
}

function nodeText(node: ComparedNode): string {
  if (node.type === 'file') return formatBytes(node.size);
  return node.type === 'symlink' ? `→ ${escapeText(node.target)}` : node.type;
}

function aspectText(aspect: FileAspect, { before, after }: ChangedFile): string {
  switch (aspect) {
    case 'type':
      return `${before.type} → ${after.type}`;
    case 'content':
      return `content ${sizesText(before, after)}`.trimEnd();
    case 'mode':
      return `mode ${modeText(before)} → ${modeText(after)}`;
    case 'owner':
      return `owner ${ownerText(before)} → ${ownerText(after)}`;
    case 'target':
      return `target ${targetText(before)} → ${targetText(after)}`;
    case 'xattrs':
      return `xattrs ${xattrNames(before, after)}`;
    case 'device':
    case 'hardlinks':
    case 'mtime':
      return aspect;
  }
}

function sizesText(before: ComparedNode, after: ComparedNode): string {
  if (before.type !== 'file' || after.type !== 'file' || before.size === after.size) return '';
  const [was, is] = [formatBytes(before.size), formatBytes(after.size)];
  return was === is ? `${String(before.size)} → ${String(after.size)} B` : `${was} → ${is}`;
}

function modeText({ mode }: ComparedNode): string {
  return mode.toString(8).padStart(4, '0');
}

function ownerText({ uid, gid }: ComparedNode): string {
  return `${String(uid)}:${String(gid)}`;
}

function targetText(node: ComparedNode): string {
  return 'target' in node ? escapeText(node.target) : '';
}

/** `+user.a -user.b ~security.capability`. */
function xattrNames({ xattrs: before = {} }: ComparedNode, { xattrs: after = {} }: ComparedNode): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const differing = names.filter((name) => before[name] !== after[name]);
  const sign = (name: string): string => (name in before ? (name in after ? '~' : '-') : '+');
  return differing.map((name) => sign(name) + escapeText(name)).join(' ');
}
