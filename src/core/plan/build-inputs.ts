/**
 * What the keys of a build were made of, as people know it: the plan, and beside it what its sources were asked with,
 * what the lock pinned and what .dockerignore hid. Two of them are set side by side to say what changed
 * (core/compare/explanation.ts). Plain JSON; it decides nothing and enters no key.
 */
import { canonicalJson } from '../digest/canonical-json.ts';
import { type Digest, digestOf, digestOfValue, trustedDigest } from '../digest/digest.ts';
import { formatPlatform } from '../oci/platform.ts';
import type { Lock, LockedImage } from '../recipe/lock/lock.ts';
import type { Recipe, SingleLayer, Target } from '../recipe/recipe.ts';
import type { Selection } from '../recipe/select-images.ts';
import { baseLabel } from './action-label.ts';
import { layerFinder, placingItems } from './entry-origin.ts';
import type { Action, CacheKey, Plan } from './plan.ts';
import type { DebRequest, NpmRequest, SourceRequest } from './snapshot.ts';
import { sourceRequest } from './source-request.ts';

/** What an action reads, in the recipe's words; of an image the same for every platform. */
export type AskedSource =
  | Exclude<SourceRequest, { kind: 'image' | 'npm' | 'deb' }>
  | Omit<NpmRequest, 'platform'>
  | Omit<SourceRequest & { readonly kind: 'image' }, 'platform'>
  | Omit<DebRequest, 'platform'>
  | { readonly kind: 'file'; readonly source: string }
  | { readonly kind: 'base'; readonly reference: string };

export interface PinnedImage {
  readonly digest: Digest;
  readonly platforms: Readonly<Record<string, Digest>>;
}

export interface BuildInputs {
  readonly plan: Plan;
  /** By the key of the action that asked: of a layer, one for each placement, in their order. */
  readonly asked: Readonly<Record<CacheKey, readonly AskedSource[]>>;
  /** Digest of the recipe's text. */
  readonly recipe: Digest;
  /** What the lock pins, by reference in full; absent without a lock. */
  readonly lock?: Readonly<Record<string, PinnedImage>>;
  /** What the lock pins of the web: by URL, the digest; absent where it pins none. */
  readonly fetched?: Readonly<Record<string, Digest>>;
  /** The text of .dockerignore, where a source was read that honours it and the file is there. */
  readonly ignore?: string;
  /** Which images and platforms the command line chose; empty for all that the recipe names. */
  readonly selection: string;
}

/** One image that a build made, as people find it again. */
export interface MadeImage {
  readonly name: string;
  /** Of the index where there are several platforms, else of the manifest. */
  readonly digest: Digest;
  readonly manifests: readonly Digest[];
}

/** What a build leaves behind, to be compared with the builds that follow. */
export interface BuildRecord extends BuildInputs {
  readonly made: readonly MadeImage[];
}

export interface InputsRequest {
  readonly plan: Plan;
  readonly recipe: Pick<Recipe, 'source'>;
  readonly targets: readonly Target[];
  readonly lock: Lock | undefined;
  readonly ignore: string | undefined;
  readonly selection: Selection;
}

export function buildInputs(request: InputsRequest): BuildInputs {
  const { plan, recipe, targets, lock, ignore, selection } = request;
  const askedBy = asking(targets);
  return {
    plan,
    asked: Object.fromEntries(plan.actions.map((action) => [action.key, askedBy(action)] as const)),
    recipe: digestOf(new TextEncoder().encode(recipe.source.text)),
    ...(lock === undefined ? {} : { lock: pinsOf(lock) }),
    ...(lock === undefined || lock.fetched.size === 0 ? {} : { fetched: filesOf(lock) }),
    ...(ignore === undefined ? {} : { ignore }),
    selection: selectionText(selection),
  };
}

/** Equal for builds that a record of one says all of: the same actions, images and choice. */
export function inputsDigest({ plan, selection }: BuildInputs): Digest {
  const { settings, actions, images } = plan;
  const keys = actions.map(({ key }) => key);
  const named = images.map(({ name, references, key }) => ({ name, references, key }));
  return digestOfValue({ settings, keys, named, selection });
}

function asking(targets: readonly Target[]): (action: Action) => readonly AskedSource[] {
  const layerOf = layerFinder(targets);
  const bases = new Map(targets.map(({ image }) => [baseLabel(image.from), image.from]));
  return (action) => {
    if (action.kind === 'layer') return placingItems(layerOf(action)).map(askedFor);
    const reference = action.kind === 'fetch' ? bases.get(action.label) : undefined;
    return reference === undefined ? [] : [{ kind: 'base', reference }];
  };
}

function askedFor(item: SingleLayer): AskedSource {
  // The platform of an image's request is left out, so which one stands here says nothing.
  const request = sourceRequest(item, { os: '', architecture: '' });
  if (request === undefined) return { kind: 'file', source: item.kind === 'file' ? item.path : '' };
  if (request.kind === 'npm' || request.kind === 'deb') {
    const { platform: _any, ...asked } = request;
    return asked;
  }
  if (request.kind !== 'image') return request;
  const { kind, reference, from, include, exclude } = request;
  return { kind, reference, from, include, exclude };
}

function pinsOf({ images }: Lock): Record<string, PinnedImage> {
  return Object.fromEntries([...images].map(([reference, pinned]) => [reference, pinOf(pinned)]));
}

function filesOf({ fetched }: Lock): Record<string, Digest> {
  return Object.fromEntries(
    [...fetched].map(([url, { sha256 }]) => [url, trustedDigest(`sha256:${sha256}`)]),
  );
}

function pinOf({ digest, platforms }: LockedImage): PinnedImage {
  return { digest, platforms: Object.fromEntries(platforms) };
}

function selectionText({ names = [], platforms }: Selection): string {
  const chosen = platforms === undefined || platforms === 'all' ? [] : platforms.map(formatPlatform);
  return names.length + chosen.length === 0 ? '' : canonicalJson([[...names].sort(), chosen.sort()]);
}
