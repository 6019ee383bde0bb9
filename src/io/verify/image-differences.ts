/**
 * Two images side by side, lazily, in the order of what they mean: index, then of each platform manifest, config and
 * layers. What follows from a difference, such as the digests above a layer, is not said again; whoever wants only the
 * first difference stops after it. Both images were verified before.
 */
import { type Difference, placedIn, type Sides, unequal } from '../../core/compare/difference.ts';
import {
  configDifferences,
  descriptorDifferences,
  manifestDifferences,
  spellingDifferences,
} from '../../core/compare/document-differences.ts';
import { parseDigest } from '../../core/digest/digest.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { isConfigType, isIndexType } from '../../core/oci/media-type.ts';
import { formatPlatform, type Platform } from '../../core/oci/platform.ts';
import { type ImageSide, type ReadImage, type ReadIndex, readImage, readIndex } from './image-side.ts';
import { layerDifferences } from './layer-differences.ts';
import { type LayerAccess, layerOf } from './layer-access.ts';

export async function* imageDifferences(
  sides: Sides<ImageSide>,
  signal: AbortSignal,
): AsyncGenerator<Difference> {
  const { rebuilt, given } = sides;
  if (rebuilt.root.digest === given.root.digest) return;
  let silent = true;
  for await (const found of rootDifferences(sides, signal)) {
    silent = false;
    yield found;
  }
  const digests = { rebuilt: rebuilt.root.digest, given: given.root.digest };
  if (silent) yield* placedIn('image', unequal({ field: 'digest', what: 'digest' }, digests));
}

async function* rootDifferences(sides: Sides<ImageSide>, signal: AbortSignal): AsyncGenerator<Difference> {
  const { rebuilt, given } = sides;
  const kinds = { rebuilt: kindOf(rebuilt.root), given: kindOf(given.root) };
  yield* placedIn('image', unequal({ field: 'kind', what: 'is' }, kinds));
  const [ours, theirs] = [await manifestsOf(rebuilt), await manifestsOf(given)];
  if (ours.index !== undefined && theirs.index !== undefined)
    yield* indexDifferences({ rebuilt: ours.index, given: theirs.index });
  // Two single manifests are held together whatever they are for: the platform is then what differs.
  const areSingle = ours.index === undefined && theirs.index === undefined;
  for (const [platform, root] of ours.manifests) {
    const other = areSingle ? given.root : theirs.manifests.get(platform);
    if (other === undefined || other.digest === root.digest) continue;
    const prefix = ours.manifests.size > 1 ? `${platform} ` : '';
    const pair = { rebuilt: { ...rebuilt, root }, given: { ...given, root: other } };
    yield* manifestPair(pair, { prefix, signal });
  }
}

function kindOf({ mediaType }: Descriptor): string {
  return isIndexType(mediaType) ? 'an index' : 'a single manifest';
}

interface Manifests {
  readonly index?: ReadIndex;
  /** By platform, as text. A single manifest has its config's. */
  readonly manifests: ReadonlyMap<string, Descriptor>;
}

async function manifestsOf({ source, root }: ImageSide): Promise<Manifests> {
  if (!isIndexType(root.mediaType)) {
    const { config } = await readImage({ source, root });
    return { manifests: new Map([[platformText(config), root]]) };
  }
  const index = await readIndex({ source, root });
  const named = index.value.manifests.map((one) => [platformText(one.platform), one] as const);
  return { index, manifests: new Map(named) };
}

function platformText(platform: Platform | undefined): string {
  return platform === undefined ? 'no platform' : formatPlatform(platform);
}

function* indexDifferences({ rebuilt, given }: Sides<ReadIndex>): Generator<Difference> {
  const platforms = ({ value }: ReadIndex): string =>
    quoteText(value.manifests.map(({ platform }) => platformText(platform)).join(' '));
  const lists = { rebuilt: platforms(rebuilt), given: platforms(given) };
  yield* placedIn('index', unequal({ field: 'platforms', what: 'platforms' }, lists));
  yield* placedIn('index', manifestDifferences({ rebuilt: rebuilt.value, given: given.value }));
  for (const one of rebuilt.value.manifests) {
    const text = platformText(one.platform);
    const other = given.value.manifests.find(({ platform }) => platformText(platform) === text);
    if (other === undefined) continue;
    const found = descriptorDifferences({ rebuilt: one, given: other }, 'index entry');
    yield* placedIn(`index, entry of ${text}`, found);
  }
  yield* placedIn('index', spellingDifferences({ rebuilt: rebuilt.bytes, given: given.bytes }));
}

async function* manifestPair(
  sides: Sides<ImageSide>,
  { prefix, signal }: { readonly prefix: string; readonly signal: AbortSignal },
): AsyncGenerator<Difference> {
  const images = { rebuilt: await readImage(sides.rebuilt), given: await readImage(sides.given) };
  yield* manifestDifferencesOf(images, prefix);
  yield* configDifferencesOf(images, prefix);
  const layers = {
    rebuilt: layersOf(sides.rebuilt, images.rebuilt),
    given: layersOf(sides.given, images.given),
  };
  for (const [at, rebuilt] of layers.rebuilt.entries()) {
    const given = layers.given[at];
    if (given === undefined) return;
    const where = `${prefix}${layerName(images.rebuilt, at)}`;
    for await (const found of layerDifferences({ rebuilt, given }, signal)) yield { ...found, where };
  }
}

function* manifestDifferencesOf({ rebuilt, given }: Sides<ReadImage>, prefix: string): Generator<Difference> {
  const where = `${prefix}manifest`;
  const { layers: ours } = rebuilt.manifest;
  const { layers: theirs } = given.manifest;
  const counts = { rebuilt: String(ours.length), given: String(theirs.length) };
  yield* placedIn(where, manifestDifferences({ rebuilt: rebuilt.manifest, given: given.manifest }));
  yield* placedIn(where, unequal({ field: 'number of layers', what: 'number of layers' }, counts));
  for (const [at, layer] of ours.entries()) {
    const other = theirs[at];
    if (other === undefined) break;
    const found = descriptorDifferences({ rebuilt: layer, given: other }, 'layer');
    yield* placedIn(`${prefix}${layerName(rebuilt, at)}`, found);
  }
  const bytes = { rebuilt: rebuilt.manifestBytes, given: given.manifestBytes };
  yield* placedIn(where, spellingDifferences(bytes));
}

function* configDifferencesOf({ rebuilt, given }: Sides<ReadImage>, prefix: string): Generator<Difference> {
  if (rebuilt.manifest.config.digest === given.manifest.config.digest) return;
  const where = `${prefix}config`;
  yield* placedIn(where, configDifferences({ rebuilt: rebuilt.config, given: given.config }));
  yield* placedIn(where, spellingDifferences({ rebuilt: rebuilt.configBytes, given: given.configBytes }));
}

function layersOf({ source }: ImageSide, { manifest, config }: ReadImage): readonly LayerAccess[] {
  if (!isConfigType(manifest.config.mediaType)) return [];
  return manifest.layers.flatMap((descriptor, at) => {
    const diffId = parseDigest(config.rootfs.diff_ids[at] ?? '');
    return diffId.ok ? [layerOf(source, { descriptor, diffId: diffId.digest })] : [];
  });
}

/** `` layer 3 `copy dist` ``: history says what it does, and begins with who did it where that was us. */
function layerName({ config }: ReadImage, at: number): string {
  const told = (config.history ?? []).filter(({ empty_layer: empty }) => empty !== true)[at]?.created_by;
  const name = `layer ${at + 1}`;
  return told === undefined ? name : `${name} ${quoteText(told.replace(/^layerwright /, ''), 60)}`;
}
