/**
 * A recipe and its lock side by side: what the recipe asks for and the lock does not say, and whether its layers' bytes
 * are those that we make. Each with its line. What the lock says and nobody asks for stands in stale-entries.ts.
 */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { quoteText } from '../../diagnostic/escape-text.ts';
import { joinPointer } from '../../diagnostic/source-text.ts';
import { formatPlatform } from '../../oci/platform.ts';
import { createProblemList, inTextOrder } from '../problem-list.ts';
import type { Recipe } from '../recipe.ts';
import { createReporter } from '../reporter.ts';
import { findPackages, type Lock, type LockDocument, type LockedImage } from './lock.ts';
import { type ImagePin, isImagePin, pinName, type PinRequest } from './pin-request.ts';
import { platformKey } from './platform-key.ts';

const cure = 'run `layerwright lock`, and commit oci.lock';

/**
 * The requests that the lock does not answer. A platform that only `--platform` asks for (it is not among those of
 * `whole`) needs no line of its own: the digest of the index decides it.
 */
export function missingRequests(
  lock: Lock | undefined,
  { asked, whole }: { readonly asked: readonly PinRequest[]; readonly whole: readonly PinRequest[] },
): PinRequest[] {
  const own = new Set(whole.filter(isImagePin).map(imageKey));
  return asked.filter((request) => {
    switch (request.kind) {
      case 'image':
        return isMissingImage(lock?.images.get(request.text), { request, own });
      case 'file':
        return lock?.fetched.has(request.url) !== true;
      case 'packages':
        return lock === undefined || findPackages(lock, request.wanted) === undefined;
    }
  });
}

function isMissingImage(
  image: LockedImage | undefined,
  { request, own }: { readonly request: ImagePin; readonly own: ReadonlySet<string> },
): boolean {
  if (image === undefined) return true;
  return own.has(imageKey(request)) && !image.platforms.has(platformKey(request.platform));
}

function imageKey({ text, platform }: ImagePin): string {
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
  for (const request of missing) {
    const name = quoteText(pinName(request));
    if (request.kind === 'image' && document?.lock.images.has(request.text) === true) {
      const message = `the lock does not say what ${name} is for ${formatPlatform(request.platform)}`;
      const report = createReporter(document.places, inLock);
      report(joinPointer('/images', request.text), { code: 'lock/missing', message, help: cure }, 'key');
      continue;
    }
    const message = `${name} is not pinned: ${document === undefined ? 'there is no oci.lock' : 'oci.lock has no entry for it'}`;
    createReporter(recipe.places, inRecipe)(request.at, { code: 'lock/missing', message, help: cure });
  }
  return [...inTextOrder(inRecipe.found), ...inTextOrder(inLock.found)];
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
