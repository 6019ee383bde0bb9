/** Asks what a recipe names, in places that move, stands for now: images, files of the web, packages. */
import { type Outcome, outcomeOf } from '../../core/diagnostic/diagnostic.ts';
import type { RecipePath } from '../../core/diagnostic/source-text.ts';
import { encodedOf } from '../../core/digest/digest.ts';
import type { LockedFile, LockedImage, LockedPackages, Pins } from '../../core/recipe/lock/lock.ts';
import { packagesKey } from '../../core/recipe/lock/lock.ts';
import {
  type FilePin,
  isImagePin,
  type PackagesPin,
  type PinRequest,
} from '../../core/recipe/lock/pin-request.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { inParallel } from '../registry/in-parallel.ts';
import type { FetchFile } from './fetch-file.ts';
import { createProblemCollector, sayingFailures } from './problem-collector.ts';
import type { OpenImage } from './reading.ts';
import { type AskedImage, askedImages, resolveImagePin } from './resolve-image-pin.ts';

/** Throws Failures; DiagnosticsError where several things are wrong. */
export type ResolvePackages = (request: PackagesPin) => Promise<LockedPackages>;

export interface PinContext {
  /** For the places of problems. */
  readonly recipe: Pick<Recipe, 'source' | 'places'>;
  readonly openImage: OpenImage;
  readonly fetchFile: FetchFile;
  readonly resolvePackages: ResolvePackages;
  readonly signal: AbortSignal;
}

/** Every thing once, however many layers ask for it. */
export interface AskedPins {
  readonly images: readonly AskedImage[];
  readonly files: readonly FilePin[];
  readonly packages: readonly PackagesPin[];
}

/** An image that `known` has is asked for at its digest. */
export function askedPins(
  requests: readonly PinRequest[],
  known: Pick<Pins, 'images'> = { images: new Map() },
): AskedPins {
  const files = requests.filter((request) => request.kind === 'file');
  const packages = requests.filter((request) => request.kind === 'packages');
  return {
    images: askedImages(requests.filter(isImagePin), known.images),
    files: firstOfEach(files, ({ url }) => url),
    packages: firstOfEach(packages, ({ wanted }) => packagesKey(wanted)),
  };
}

function firstOfEach<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.toReversed().map((item) => [keyOf(item), item])).values()].reverse();
}

interface Work {
  readonly at: RecipePath;
  readonly resolve: () => Promise<void>;
}

/** The pins; or every problem, at the lines of the recipe that ask. An abort rejects. */
export async function resolvePins(asked: AskedPins, context: PinContext): Promise<Outcome<Pins>> {
  const problems = createProblemCollector(context.recipe);
  const images = new Map<string, LockedImage>();
  const fetched = new Map<string, LockedFile>();
  const packages: LockedPackages[] = [];
  const works: Work[] = [
    ...asked.images.map((image) => ({
      at: image.at,
      resolve: async () => void images.set(image.name, await resolveImagePin(image, context.openImage)),
    })),
    ...asked.files.map(({ at, url }) => ({
      at,
      resolve: async () => void fetched.set(url, await resolveFile(url, context.fetchFile)),
    })),
    ...asked.packages.map((request) => ({
      at: request.at,
      resolve: async () => void packages.push(await context.resolvePackages(request)),
    })),
  ];
  await inParallel(works, { limit: parallel, signal: context.signal }, (work) =>
    sayingFailures(problems.at(work.at), work.resolve),
  );
  return outcomeOf(problems.found(), () => ({ images, fetched, packages }));
}

/** What is asked at the same time. */
const parallel = 4;

async function resolveFile(url: string, fetchFile: FetchFile): Promise<LockedFile> {
  const { digest, size } = await fetchFile(url);
  return { sha256: encodedOf(digest), size };
}
