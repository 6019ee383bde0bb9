/**
 * Indexes, manifests and configs side by side, without what follows from their layers: digests and sizes of descriptors,
 * and diffIDs. What differs in two layers is said of the layers.
 */
import { canonicalJson } from '../digest/canonical-json.ts';
import { quoteText } from '../diagnostic/escape-text.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import { type Found, type Sides, unequal } from './difference.ts';
import { envDifferences } from './env-differences.ts';
import { memberNames } from './member-names.ts';
import { type Naming, valueDifferences, type ValuePath } from './value-differences.ts';

/** Two manifests or two indexes, but for the descriptors in their lists. */
export function manifestDifferences(sides: Sides<object>): Iterable<Found> {
  return valueDifferences(sides, manifestNaming);
}

/** Two descriptors of one thing: of a layer, or of a platform's manifest. */
export function descriptorDifferences(sides: Sides<object>, what: string): Iterable<Found> {
  return valueDifferences(sides, {
    nameOf: (path) => ({ field: `${what} ${path.join(' ')}`, what: path.map(spoken).join(' ') }),
    isLeftOut: isDerived,
  });
}

/** Two configs: what the container gets first, then when and how the image was made. */
export function* configDifferences({ rebuilt, given }: Sides<ImageConfig>): Generator<Found> {
  yield* envDifferences({ rebuilt: rebuilt.config?.Env ?? [], given: given.config?.Env ?? [] });
  yield* valueDifferences({ rebuilt: makingLast(rebuilt), given: makingLast(given) }, configNaming);
}

function makingLast({ created, author, history, ...rest }: ImageConfig): object {
  return { ...rest, created, author, history };
}

/** Whether both documents are written the way we write them, whatever they say; other tools keep another order. */
export function spellingDifferences({ rebuilt, given }: Sides<Uint8Array>): Iterable<Found> {
  const spelling = (bytes: Uint8Array): string =>
    isCanonical(bytes) ? 'canonical' : 'with members in another order, or spaces between them';
  return unequal({ field: 'JSON', what: 'JSON' }, { rebuilt: spelling(rebuilt), given: spelling(given) });
}

function isCanonical(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes);
  return canonicalJson(JSON.parse(text)) === text;
}

function isDerived(path: ValuePath): boolean {
  return ['digest', 'size', 'data'].includes(path.at(-1) ?? '');
}

const manifestNaming: Naming = {
  nameOf: (path) =>
    path[0] === 'annotations' && path[1] !== undefined
      ? { field: 'annotation', what: `annotation ${quoteText(path[1])}` }
      : { field: path.join(' '), what: path.map(spoken).join(' ') },
  isLeftOut: (path) => ['layers', 'manifests'].includes(path[0] ?? '') || isDerived(path),
};

const configNaming: Naming = {
  nameOf: nameInConfig,
  isLeftOut: ([first, second]) =>
    (first === 'config' && second === 'Env') || (first === 'rootfs' && second === 'diff_ids'),
};

function spoken(name: string): string {
  return memberNames.get(name) ?? quoteText(name).slice(1, -1);
}

function nameInConfig(path: ValuePath): { field: string; what: string } {
  const [first = '', second = '', third] = path;
  if (first === 'history' && third !== undefined)
    return { field: `history ${third}`, what: `history ${String(Number(second) + 1)} ${spoken(third)}` };
  if (first === 'history' && second !== '')
    return { field: 'history entry', what: `history ${String(Number(second) + 1)}` };
  if (first !== 'config' || second === '') return { field: path.join(' '), what: path.map(spoken).join(' ') };
  const field = spoken(second);
  return { field, what: third === undefined ? field : `${field} ${quoteText(third)}` };
}
