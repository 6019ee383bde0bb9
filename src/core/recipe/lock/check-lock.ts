/**
 * A recipe and its lock side by side: what the recipe asks for and the lock does not say, what the lock says and nobody
 * asks for, and whether its layers' bytes are those that we make. Each with its line.
 */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { quoteText } from '../../diagnostic/escape-text.ts';
import { joinPointer } from '../../diagnostic/source-text.ts';
import { formatPlatform } from '../../oci/platform.ts';
import { createProblemList, inTextOrder } from '../problem-list.ts';
import type { Recipe } from '../recipe.ts';
import { createReporter } from '../reporter.ts';
import type { Lock, LockDocument } from './lock.ts';
import { namedImages, type PinRequest, platformKey } from './pin-request.ts';
import { mayStandFor } from './written-reference.ts';

const cure = 'run `layerwright lock`, and commit oci.lock';

/**
 * The requests that the lock does not answer. A platform that only `--platform` asks for (it is not among those of
 * `whole`) needs no line of its own: the digest of the index decides it.
 */
export function missingRequests(
  lock: Lock | undefined,
  { asked, whole }: { readonly asked: readonly PinRequest[]; readonly whole: readonly PinRequest[] },
): PinRequest[] {
  const own = new Set(whole.map(requestKey));
  return asked.filter((request) => {
    const image = lock?.images.get(request.text);
    if (image === undefined) return true;
    return own.has(requestKey(request)) && !image.platforms.has(platformKey(request.platform));
  });
}

function requestKey({ text, platform }: PinRequest): string {
  return `${text} ${platformKey(platform)}`;
}

/** `lock/missing` without a line: a recipe that names nothing to pin has none, and its layers' format is to be locked. */
export function reportNoLock(name: string): Diagnostic {
  return { code: 'lock/missing', severity: 'error', message: `there is no ${name}`, help: cure };
}

/** `lock/missing`: at the line of the recipe that asks, or at the entry that lacks the platform. */
export function reportMissing(
  recipe: Pick<Recipe, 'source' | 'places'>,
  document: LockDocument | undefined,
  missing: readonly PinRequest[],
): Diagnostic[] {
  const inRecipe = createProblemList(recipe.source);
  const inLock = createProblemList(document?.source ?? recipe.source);
  for (const { text, at, platform } of missing) {
    const name = quoteText(text);
    if (document?.lock.images.has(text) === true) {
      const message = `the lock does not say what ${name} is for ${formatPlatform(platform)}`;
      const report = createReporter(document.places, inLock);
      report(joinPointer('/images', text), { code: 'lock/missing', message, help: cure }, 'key');
      continue;
    }
    const message = `${name} is not pinned: ${document === undefined ? 'there is no oci.lock' : 'oci.lock has no entry for it'}`;
    createReporter(recipe.places, inRecipe)(at, { code: 'lock/missing', message, help: cure });
  }
  return [...inTextOrder(inRecipe.found), ...inTextOrder(inLock.found)];
}

/** `lock/stale`: entries, and platforms of entries, that the whole recipe does not ask for. */
export function reportStale(
  recipe: Pick<Recipe, 'images'>,
  document: LockDocument,
  whole: readonly PinRequest[],
): Diagnostic[] {
  const problems = createProblemList(document.source);
  const report = createReporter(document.places, problems);
  const kept = withoutStale(document.lock, recipe, whole);
  for (const [reference, { platforms }] of document.lock.images) {
    const at = joinPointer('/images', reference);
    const image = kept.images.get(reference);
    if (image === undefined) {
      report(at, stale(`nothing in the recipe asks for ${quoteText(reference)}`), 'key');
      continue;
    }
    for (const platform of platforms.keys()) {
      if (image.platforms.has(platform)) continue;
      const message = `nothing in the recipe asks for ${quoteText(reference)} for ${platform}`;
      report(joinPointer(`${at}/platforms`, platform), stale(message), 'key');
    }
  }
  return inTextOrder(problems.found);
}

function stale(message: string) {
  return { code: 'lock/stale', message, help: 'run `layerwright lock`, which removes it' } as const;
}

/** The lock without what the whole recipe does not ask for. What other values of its arguments may ask for stays. */
export function withoutStale(lock: Lock, recipe: Pick<Recipe, 'images'>, whole: readonly PinRequest[]): Lock {
  const written = recipe.images.flatMap(namedImages).map((named) => named.written);
  const kept = [...lock.images].flatMap(([reference, image]) => {
    const platforms = whole
      .filter(({ text }) => text === reference)
      .map(({ platform }) => platformKey(platform));
    if (platforms.length > 0) {
      const asked = [...image.platforms].filter(([platform]) => platforms.includes(platform));
      return [[reference, { ...image, platforms: new Map(asked) }] as const];
    }
    return written.some((text) => mayStandFor(text, reference)) ? [[reference, image] as const] : [];
  });
  return { ...lock, images: new Map(kept) };
}

/** `lock/layer-format`, where the lock is for other bytes of layers than we make. */
export function reportLayerFormat(document: LockDocument, layerFormat: number): Diagnostic[] {
  const locked = document.lock.layerFormat;
  if (locked === layerFormat) return [];
  const problems = createProblemList(document.source);
  createReporter(document.places, problems)('/layerFormat', {
    code: 'lock/layer-format',
    message: `the lock is for layer format ${String(locked)}, and this layerwright makes format ${String(layerFormat)}, so digests would differ`,
    help:
      locked < layerFormat
        ? 'run `layerwright lock` to move to the new format, or use the layerwright that wrote the lock'
        : 'use the newer layerwright that wrote the lock',
  });
  return [...problems.found];
}
