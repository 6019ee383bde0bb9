/** What a recipe asks of a source in other words than before, and what the lock and .dockerignore answer in others. */
import type { Digest } from '../digest/digest.ts';
import type { AskedSource, BuildInputs, PinnedImage } from '../plan/build-inputs.ts';
import { pinnedReference } from '../recipe/lock/pin-request.ts';
import { isUrl } from '../recipe/value/web-address.ts';
import { parseIgnoreFile } from '../tree/ignore-file.ts';
import { type Change, changeOf, isSame } from './change.ts';

export interface AskingSide {
  readonly asked: AskedSource | undefined;
  readonly inputs: BuildInputs;
}

/** Words of the recipe that differ, key by key, lists item by item; then what the lock pins for the same words. */
export function requestChanges(before: AskingSide, now: AskingSide): Change[] {
  if (before.asked === undefined || now.asked === undefined) return [];
  const old: Readonly<Record<string, unknown>> = { ...before.asked };
  const current: Readonly<Record<string, unknown>> = { ...now.asked };
  const keys = [...new Set([...Object.keys(old), ...Object.keys(current)])];
  const words = keys.flatMap((key) => valueChanges(keyName(key), old[key], current[key]));
  return [...words, ...lockChanges(before, now)];
}

/** The recipe's key for what a request calls otherwise. */
function keyName(key: string): string {
  if (key === 'names') return 'deb';
  return key === 'reference' ? 'from' : key;
}

function valueChanges(field: string, before: unknown, now: unknown): Change[] {
  if (isSame(before, now)) return [];
  if (Array.isArray(before) && Array.isArray(now))
    return listChanges(field, before.map(String), now.map(String));
  return [changeOf({ field }, before, now)];
}

/** Lines of .dockerignore that came or went; those that only changed places. */
export function ignoreChanges(before: string, now: string): Change[] {
  const [old, current] = [before, now].map((text) => parseIgnoreFile(text).map((line) => line.text));
  return listChanges('.dockerignore', old ?? [], current ?? []);
}

function listChanges(field: string, before: readonly string[], now: readonly string[]): Change[] {
  const added = now.filter((item) => !before.includes(item));
  const removed = before.filter((item) => !now.includes(item));
  const changes = [
    ...added.map((key): Change => ({ change: 'added', field, key })),
    ...removed.map((key): Change => ({ change: 'removed', field, key })),
  ];
  const isReordered = changes.length === 0 && before.join('\n') !== now.join('\n');
  return isReordered ? [{ change: 'moved', field, before, after: now }] : changes;
}

/** What the lock pins for a reference or URL that is the same as before. */
function lockChanges(before: AskingSide, now: AskingSide): Change[] {
  const [old, current] = [before, now].map(({ asked }) => pinnedName(asked));
  if (old === undefined || old !== current) return [];
  const [was, is] = [before, now].map(({ inputs }) => inputs.lock?.[old] ?? inputs.fetched?.[old]);
  return isSame(was, is)
    ? []
    : [changeOf({ field: 'oci.lock', key: old }, digestOfPin(was), digestOfPin(is))];
}

function digestOfPin(pin: PinnedImage | Digest | undefined): Digest | undefined {
  return typeof pin === 'object' ? pin.digest : pin;
}

/** As the lock calls it; undefined for what is pinned nowhere. */
function pinnedName(asked: AskedSource | undefined): string | undefined {
  if (asked === undefined) return undefined;
  if ('reference' in asked) return pinnedReference(asked.reference)?.text;
  return 'source' in asked && isUrl(asked.source) ? asked.source : undefined;
}
