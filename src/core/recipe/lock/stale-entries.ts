/** What a lock says and nobody asks for: taken away, or said with its line. */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { quoteText } from '../../diagnostic/escape-text.ts';
import { joinPointer } from '../../diagnostic/source-text.ts';
import { createProblemList, inTextOrder } from '../problem-list.ts';
import type { Recipe } from '../recipe.ts';
import { createReporter, type Report } from '../reporter.ts';
import { type Lock, type LockDocument, type LockedImage, packagesKey } from './lock.ts';
import { isImagePin, namedFiles, namedImages, packagesName, type PinRequest } from './pin-request.ts';
import { platformKey } from './platform-key.ts';
import { mayStandFor } from './written-reference.ts';

/** The lock without what the whole recipe does not ask for. What other values of its arguments may ask for stays. */
export function withoutStale(lock: Lock, recipe: Pick<Recipe, 'images'>, whole: readonly PinRequest[]): Lock {
  const urls = new Set(whole.flatMap((request) => (request.kind === 'file' ? [request.url] : [])));
  const written = recipe.images.flatMap(namedFiles).map((named) => named.written);
  const wanted = new Set(
    whole.flatMap((request) => (request.kind === 'packages' ? [packagesKey(request.wanted)] : [])),
  );
  return {
    ...lock,
    images: keptImages(lock, recipe, whole),
    fetched: new Map(
      [...lock.fetched].filter(([url]) => urls.has(url) || written.some((text) => mayStandFor(text, url))),
    ),
    packages: lock.packages.filter((entry) => wanted.has(packagesKey(entry))),
  };
}

function keptImages(
  lock: Lock,
  recipe: Pick<Recipe, 'images'>,
  whole: readonly PinRequest[],
): Map<string, LockedImage> {
  const written = recipe.images.flatMap(namedImages).map((named) => named.written);
  const kept = [...lock.images].flatMap(([reference, image]) => {
    const platforms = whole
      .filter(isImagePin)
      .filter(({ text }) => text === reference)
      .map(({ platform }) => platformKey(platform));
    if (platforms.length > 0) {
      const asked = [...image.platforms].filter(([platform]) => platforms.includes(platform));
      return [[reference, { ...image, platforms: new Map(asked) }] as const];
    }
    return written.some((text) => mayStandFor(text, reference)) ? [[reference, image] as const] : [];
  });
  return new Map(kept);
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
  reportImages(document.lock, kept, report);
  for (const url of document.lock.fetched.keys()) {
    if (!kept.fetched.has(url)) report(joinPointer('/fetched', url), staleEntry(url), 'key');
  }
  document.lock.packages.forEach((entry, index) => {
    if (kept.packages.includes(entry)) return;
    const name = `${packagesName(entry)} for ${entry.platform}`;
    report(`/packages/${String(index)}`, staleEntry(name));
  });
  return inTextOrder(problems.found);
}

function reportImages(lock: Lock, kept: Lock, report: Report): void {
  for (const [reference, { platforms }] of lock.images) {
    const at = joinPointer('/images', reference);
    const image = kept.images.get(reference);
    if (image === undefined) {
      report(at, staleEntry(reference), 'key');
      continue;
    }
    for (const platform of platforms.keys()) {
      if (image.platforms.has(platform)) continue;
      const message = `nothing in the recipe asks for ${quoteText(reference)} for ${platform}`;
      report(joinPointer(`${at}/platforms`, platform), stale(message), 'key');
    }
  }
}

function staleEntry(name: string) {
  return stale(`nothing in the recipe asks for ${quoteText(name)}`);
}

function stale(message: string) {
  return { code: 'lock/stale', message, help: 'run `layerwright lock`, which removes it' } as const;
}
