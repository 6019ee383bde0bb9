/** Asks registries what references stand for now: the digest of each, and of its manifest for each platform. */
import { type Outcome, outcomeOf } from '../../core/diagnostic/diagnostic.ts';
import type { RecipePath } from '../../core/diagnostic/source-text.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import type { Digest } from '../../core/digest/digest.ts';
import type { Platform } from '../../core/oci/platform.ts';
import type { LockedImage } from '../../core/recipe/lock/lock.ts';
import { type PinRequest, platformKey } from '../../core/recipe/lock/pin-request.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { inParallel } from '../registry/in-parallel.ts';
import { createProblemCollector, type Problems } from './problem-collector.ts';
import type { OpenImage } from './reading.ts';
import { resolveImage } from './resolve-image.ts';

export interface PinContext {
  /** For the places of problems. */
  readonly recipe: Pick<Recipe, 'source' | 'places'>;
  readonly openImage: OpenImage;
  readonly signal: AbortSignal;
}

/** One reference, and the platforms that it is asked about. */
export interface AskedPin {
  readonly reference: PinRequest['reference'];
  /** In full: the key of the lock's entry. */
  readonly name: string;
  /** JSON Pointer of the value that names it first. */
  readonly at: RecipePath;
  readonly platforms: readonly Platform[];
}

/** Each reference once; what `known` has is asked for at its digest. */
export function askedPins(
  requests: readonly PinRequest[],
  known: ReadonlyMap<string, LockedImage> = new Map(),
): AskedPin[] {
  const first = new Map(requests.toReversed().map((request) => [request.text, request]));
  return [...first.values()].reverse().map(({ text, reference, at }) => {
    const digest = known.get(text)?.digest;
    return {
      reference: digest === undefined ? reference : { ...reference, digest },
      name: text,
      at,
      platforms: requests.filter((request) => request.text === text).map(({ platform }) => platform),
    };
  });
}

/** By reference in full; or every problem, at the lines of the recipe that ask. An abort rejects. */
export async function resolvePins(
  asked: readonly AskedPin[],
  context: PinContext,
): Promise<Outcome<ReadonlyMap<string, LockedImage>>> {
  const problems = createProblemCollector(context.recipe);
  const found = new Map<string, LockedImage>();
  await inParallel(asked, { limit: parallel, signal: context.signal }, async (pin) => {
    const image = await resolveOne(pin, { ...context, problems: problems.at(pin.at) });
    if (image !== undefined) found.set(pin.name, image);
  });
  return outcomeOf(problems.found(), () => found);
}

/** References that are asked about at the same time. */
const parallel = 4;

/** Undefined where it failed, which has then been said. */
async function resolveOne(
  { reference, name, platforms }: AskedPin,
  { openImage, problems }: PinContext & { readonly problems: Problems },
): Promise<LockedImage | undefined> {
  try {
    const source = await openImage(reference);
    const manifests = new Map<string, Digest>();
    try {
      for (const platform of platforms) {
        const { descriptor } = await resolveImage(source, { platform, name });
        manifests.set(platformKey(platform), descriptor.digest);
      }
    } finally {
      await source.close();
    }
    return { digest: source.root.digest, platforms: manifests };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    problems.failed(error);
    return undefined;
  }
}
