/** An explanation as people read it: for each action what changed, at most a handful of names of a kind, what is the same. */
import type { Change } from '../../core/compare/change.ts';
import type { ActionExplanation } from '../../core/compare/explanation.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { parseDigest, shortDigest } from '../../core/digest/digest.ts';
import { columnOf, padCells } from './cells.ts';
import { formatDigest } from './quantity.ts';

/** Rows of one kind that are shown, before the rest is only counted. */
const shown = 5;

/** Lines without their line breaks; `place` is the action's line of the recipe, where it has one now. */
export function explanationLines(explained: ActionExplanation, place: string | undefined): string[] {
  const { action, verdict, before, cached, changes, same } = explained;
  const was = before === undefined || before.key === action.key ? '' : ` (was ${shortDigest(before.key)})`;
  const at = place === undefined ? '' : `  ${escapeText(place)}`;
  const rows = [
    ...(cached === undefined ? [] : [['cached', 'made by an earlier build'] as const]),
    ...(changes.length > 0 ? [] : verdictRows(verdict)),
    ...changeRows(changes),
  ];
  const all = same.length === 0 ? rows : [...rows, ['same', same.join(', ')] as const];
  return [`${escapeText(action.label)}  key ${shortDigest(action.key)}${was}${at}`, ...rowLines(all)];
}

type Row = readonly [verb: string, subject: string, values?: string];

function verdictRows(verdict: ActionExplanation['verdict']): Row[] {
  switch (verdict) {
    case 'new':
      return [['new', 'in the recipe']];
    case 'gone':
      return [['gone', 'from the recipe']];
    case 'lost':
      return [['lost', 'nothing changed; its result is no longer in the store']];
    default:
      return [];
  }
}

/** Changes as rows without an action above them. */
export function changeLines(changes: readonly Change[]): string[] {
  return rowLines(changeRows(changes));
}

function changeRows(changes: readonly Change[]): Row[] {
  const rows: Row[] = [];
  for (const group of groupsOf(changes)) {
    const [first] = group;
    if (first === undefined) continue;
    const keys = [...new Set(group.map(({ key }) => key))];
    const named = keys.length > shown + 1 ? keys.slice(0, shown) : keys;
    rows.push(...group.filter(({ key }) => named.includes(key)).map(rowOf));
    const left = keys.length - named.length;
    if (left > 0) rows.push([first.change, `and ${String(left)} more`]);
  }
  return rows;
}

/** Changes of one kind together, in the order in which the kinds come up. */
function groupsOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const kind = `${change.field} ${change.change}`;
    const known = groups.get(kind);
    if (known === undefined) groups.set(kind, [change]);
    else known.push(change);
  }
  return [...groups.values()];
}

function rowOf(change: Change): Row {
  const { field, key, because } = change;
  const subject =
    field === 'file' || field === 'package' ? (key ?? '') : key === undefined ? field : `${field} ${key}`;
  const values = [valuesOf(change), because === undefined ? '' : becauseText(change, because)];
  return [change.change, escapeText(subject), values.filter((text) => text !== '').join('  ')];
}

function becauseText({ change }: Change, because: string): string {
  if (because !== '.dockerignore') return `by ${because}`;
  return change === 'added' ? 'no longer hidden by .dockerignore' : 'hidden by .dockerignore';
}

function valuesOf({ change, field, aspect, before, after }: Change): string {
  if (change === 'renamed') return `from ${valueText(before)}`;
  if (change === 'moved') return `${listText(before)} → ${listText(after)}`;
  if (change !== 'changed') return field === 'file' ? '' : optionalText(change === 'added' ? after : before);
  if (before === undefined && after === undefined) return aspect ?? '';
  // Of a file's content the digests are enough.
  const what = aspect === undefined || aspect === 'content' ? '' : `${aspect} `;
  return `${what}${valueText(before)} → ${valueText(after)}`;
}

const longestValue = 64;

function listText(value: unknown): string {
  return Array.isArray(value) ? cut(value.join(', ')) : valueText(value);
}

function optionalText(value: unknown): string {
  return value === undefined ? '' : valueText(value);
}

/** Texts as they are, digests short, anything else as JSON. */
function valueText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value !== 'string') return cut(JSON.stringify(value));
  const digest = parseDigest(value);
  return digest.ok ? formatDigest(digest.digest) : value === '' ? '""' : cut(value);
}

function cut(text: string): string {
  const kept = longestValue / 2;
  return escapeText(text.length > longestValue ? `${text.slice(0, kept)}…${text.slice(-kept)}` : text);
}

function rowLines(rows: readonly Row[]): string[] {
  const valued = rows.filter(([, , values = '']) => values !== '');
  const width = columnOf(
    valued.map(([, subject]) => subject),
    widestSubject,
  );
  return rows.map(([verb, subject, values = '']) => {
    const cells = [verb.padEnd(7), values === '' ? subject : padCells(subject, width), values];
    return `  ${cells.join('  ')}`.trimEnd();
  });
}

const widestSubject = 48;
