/** What became of a lock, as `lock` and `update` print it: a line for each entry, or JSON. */
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { type LockChange, lockChanges } from '../core/recipe/lock/lock-changes.ts';
import type { ChangedLock } from '../lock.ts';

export function upToDateText(name: string): string {
  return `${escapeText(name)} is up to date\n`;
}

export function changedLockText({ before, after }: ChangedLock, name: string): string {
  const formats = [before, after].map(({ layerFormat }) => String(layerFormat));
  const lines = [
    ...(formats[0] === formats[1] ? [] : [`layerFormat ${formats.join(' → ')}`]),
    ...lockChanges(before, after).map(changeText),
  ];
  return lines.length === 0 ? upToDateText(name) : lines.map((line) => `${line}\n`).join('');
}

export function changedLockJson({ before, after }: ChangedLock, name: string): string {
  const { layerFormat } = after;
  return `${JSON.stringify({ file: name, layerFormat, changes: lockChanges(before, after) }, undefined, 2)}\n`;
}

function changeText({ reference, before, after, platforms, dropped }: LockChange): string {
  const name = escapeText(reference);
  if (before === undefined) return `added    ${name}  ${String(after)}`;
  if (after === undefined) return `removed  ${name}  ${before}`;
  if (before !== after) return `moved    ${name}  ${before} → ${after}`;
  const signs = [...platforms.map((one) => `+${one}`), ...dropped.map((one) => `-${one}`)];
  return `changed  ${name}  ${signs.join(' ')}`;
}
