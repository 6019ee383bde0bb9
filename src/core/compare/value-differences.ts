/**
 * Two values of JSON side by side: objects member by member, lists of objects entry by entry, everything else whole.
 * What a member is called, and which members don't count, is the caller's to say.
 */
import { canonicalJson } from '../digest/canonical-json.ts';
import { quoteText } from '../diagnostic/escape-text.ts';
import { isObject } from '../oci/json-check.ts';
import { type Found, type Sides, unequal } from './difference.ts';

/** Member names and indexes from the document down. */
export type ValuePath = readonly string[];

export interface Naming {
  /** What is at a path, for counting and for reading. */
  nameOf(path: ValuePath): { readonly field: string; readonly what: string };
  /** Paths that are compared elsewhere, or follow from what is. */
  isLeftOut(path: ValuePath): boolean;
}

export function* valueDifferences(
  { rebuilt, given }: Sides<unknown>,
  naming: Naming,
  path: ValuePath = [],
): Generator<Found> {
  if (naming.isLeftOut(path)) return;
  const members = membersOf(rebuilt) ?? membersOf(given);
  const comparable = [rebuilt, given].every((side) => side === undefined || membersOf(side) !== undefined);
  if (members === undefined || !comparable || isMereName({ rebuilt, given })) {
    yield* unequal(naming.nameOf(path), { rebuilt: textOf(rebuilt), given: textOf(given) });
    return;
  }
  const [ours, theirs] = [membersOf(rebuilt) ?? {}, membersOf(given) ?? {}];
  for (const name of Object.keys({ ...ours, ...theirs })) {
    yield* valueDifferences({ rebuilt: ours[name], given: theirs[name] }, naming, [...path, name]);
  }
}

type Members = Readonly<Record<string, unknown>>;

/** Undefined for what is compared whole: a list of texts means something by its order. */
function membersOf(value: unknown): Members | undefined {
  if (isObject(value)) return value;
  const isList = Array.isArray(value) && value.some((entry) => isObject(entry));
  return isList ? Object.fromEntries(value.map((entry: unknown, at) => [String(at), entry])) : undefined;
}

/** `{}` says something where the other side says nothing: a port, a volume. */
function isMereName({ rebuilt, given }: Sides<unknown>): boolean {
  const [only, other] = rebuilt === undefined ? [given, rebuilt] : [rebuilt, given];
  return other === undefined && isObject(only) && Object.keys(only).length === 0;
}

/** As people read it; undefined for what is not there. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return quoteText(typeof value === 'string' ? value : canonicalJson(value));
}
