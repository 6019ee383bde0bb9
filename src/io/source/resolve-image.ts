/**
 * From an opened image to what it is for one platform: index → manifest → config, chosen as containerd chooses, and
 * held against each other before anything is built on them.
 */
import type { Digest } from '../../core/digest/digest.ts';
import { escapeText, quoteText } from '../../core/diagnostic/escape-text.ts';
import type { Layer } from '../../core/image/image.ts';
import { ociMediaType } from '../../core/oci/docker-compat.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { ImageConfig } from '../../core/oci/image-config.ts';
import type { Problem } from '../../core/oci/json-check.ts';
import type { Manifest } from '../../core/oci/manifest.ts';
import { choosePlatform } from '../../core/oci/match-platform.ts';
import { isConfigType, isIndexType, isLayerType, isManifestType } from '../../core/oci/media-type.ts';
import { normalizePlatform } from '../../core/oci/normalize-platform.ts';
import {
  type ManifestDocument,
  parseImageConfig,
  parseManifestDocument,
  type Parsed,
} from '../../core/oci/parse-document.ts';
import { formatPlatform, type Platform } from '../../core/oci/platform.ts';
import type { ImageSource } from '../transport/transport.ts';
import { SourceError } from './source-error.ts';

export interface ResolvedImage {
  /** Media type, digest and size only. */
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
  readonly config: ImageConfig;
  /** Descriptors with the image spec's media types, bytes unchanged. */
  readonly layers: readonly Layer[];
}

export interface Wanted {
  readonly platform: Platform;
  /** The reference as the recipe has it, for messages. */
  readonly name: string;
  /** The manifest that the lock says it is. */
  readonly pinned?: Digest | undefined;
}

/** Throws SourceError `source/platform-missing`, `source/bad-image` or `lock/mismatch`, and what the source throws. */
export async function resolveImage(source: ImageSource, wanted: Wanted): Promise<ResolvedImage> {
  const found = await findManifest(source, wanted);
  const { descriptor, manifest } = found;
  requirePinned(descriptor, wanted);
  if (!isConfigType(manifest.config.mediaType)) {
    throw badImage(
      wanted,
      `its config is ${escapeText(manifest.config.mediaType)}, so it is no container image`,
    );
  }
  const config = await readConfig(source, manifest, wanted);
  requirePlatform(config, wanted, found.chosenBy);
  const { mediaType, digest, size } = descriptor;
  return {
    descriptor: { mediaType, digest, size },
    manifest,
    config,
    layers: layersOf(manifest, config, wanted),
  };
}

function requirePinned({ digest }: Descriptor, { name, platform, pinned }: Wanted): void {
  if (pinned === undefined || pinned === digest) return;
  throw new SourceError(
    'lock/mismatch',
    `${quoteText(name)} is pinned to ${pinned} for ${formatPlatform(platform)}, and its locked index has ${digest}`,
    { help: 'restore oci.lock from version control, or run `layerwright update` to pin it anew' },
  );
}

interface FoundManifest {
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
  /** Whether an index said which platform the manifest is for, or there is no other. */
  readonly chosenBy: 'index' | 'config';
}

async function findManifest(source: ImageSource, wanted: Wanted): Promise<FoundManifest> {
  const document = await readDocument(source, source.root, wanted);
  if (document.kind === 'manifest') {
    return { descriptor: source.root, manifest: document.manifest, chosenBy: 'config' };
  }
  const listed = await listManifests(source, document, { wanted, depth: 0 });
  const candidates = await Promise.all(listed.map((descriptor) => withPlatform(source, descriptor, wanted)));
  const chosen = choosePlatform(candidates, wanted.platform);
  if (chosen === undefined || !sameMachine(chosen.platform, wanted.platform)) {
    throw platformMissing(
      wanted,
      candidates.flatMap(({ platform }) => platform ?? []),
    );
  }
  const read = await readDocument(source, chosen, wanted);
  if (read.kind === 'index') throw badImage(wanted, 'an index stands where a manifest was named');
  return { descriptor: chosen, manifest: read.manifest, chosenBy: 'index' };
}

/** Image-spec sets no limit to indexes in indexes; no tool makes more than two levels. */
const maxDepth = 8;

async function listManifests(
  source: ImageSource,
  document: ManifestDocument & { kind: 'index' },
  walk: { readonly wanted: Wanted; readonly depth: number },
): Promise<Descriptor[]> {
  if (walk.depth > maxDepth) throw badImage(walk.wanted, 'its indexes are nested too deep');
  const found: Descriptor[] = [];
  for (const descriptor of document.index.manifests) {
    if (isManifestType(descriptor.mediaType)) found.push(descriptor);
    if (!isIndexType(descriptor.mediaType)) continue;
    const nested = await readDocument(source, descriptor, walk.wanted);
    if (nested.kind === 'index')
      found.push(...(await listManifests(source, nested, { ...walk, depth: walk.depth + 1 })));
  }
  return found;
}

/** An index may leave a platform out; then the config says it (image-index.md, `platform` is optional). */
async function withPlatform(
  source: ImageSource,
  descriptor: Descriptor,
  wanted: Wanted,
): Promise<Descriptor> {
  if (descriptor.platform !== undefined) return descriptor;
  const document = await readDocument(source, descriptor, wanted);
  if (document.kind === 'index' || !isConfigType(document.manifest.config.mediaType)) return descriptor;
  const config = await readConfig(source, document.manifest, wanted);
  return { ...descriptor, platform: platformOf(config) };
}

async function readDocument(
  source: ImageSource,
  descriptor: Descriptor,
  wanted: Wanted,
): Promise<ManifestDocument> {
  const bytes = await source.readDocument(descriptor);
  return requireParsed(parseManifestDocument(bytes, { mediaType: descriptor.mediaType }), {
    wanted,
    what: `manifest ${descriptor.digest}`,
  });
}

async function readConfig(source: ImageSource, { config }: Manifest, wanted: Wanted): Promise<ImageConfig> {
  const bytes = await source.readDocument(config);
  return requireParsed(parseImageConfig(bytes), { wanted, what: `config ${config.digest}` });
}

function requireParsed<T>(
  parsed: Parsed<T>,
  { wanted, what }: { readonly wanted: Wanted; readonly what: string },
): T {
  if (parsed.ok) return parsed.value;
  throw badImage(wanted, `its ${what}: ${problemText(parsed.problems[0])}`);
}

function problemText({ pointer, message }: Problem): string {
  return escapeText(pointer === '' ? `the document ${message}` : `${pointer} ${message}`);
}

function platformOf(config: ImageConfig): Platform {
  const { os, architecture, variant } = config;
  const more = { 'os.version': config['os.version'], 'os.features': config['os.features'] };
  const { 'os.version': version, 'os.features': features } = more;
  return {
    os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    ...(version === undefined ? {} : { 'os.version': version }),
    ...(features === undefined ? {} : { 'os.features': features }),
  };
}

/** containerd runs 386 where amd64 is asked for; an image that says amd64 must not hold it. */
function sameMachine(platform: Platform | undefined, wanted: Platform): boolean {
  if (platform === undefined) return false;
  const [found, asked] = [normalizePlatform(platform), normalizePlatform(wanted)];
  return found.os === asked.os && found.architecture === asked.architecture;
}

function requirePlatform(config: ImageConfig, wanted: Wanted, chosenBy: FoundManifest['chosenBy']): void {
  const platform = platformOf(config);
  const matches = choosePlatform([{ platform }], wanted.platform) !== undefined;
  if (sameMachine(platform, wanted.platform) && (matches || chosenBy === 'index')) return;
  if (chosenBy === 'config') throw platformMissing(wanted, [platform]);
  const said = formatPlatform(platform);
  throw badImage(
    wanted,
    `its index names a manifest for ${formatPlatform(wanted.platform)} whose config says ${said}`,
  );
}

function platformMissing({ name, platform }: Wanted, has: readonly Platform[]): SourceError {
  const list = [...new Set(has.map(formatPlatform).filter((text) => text !== 'unknown/unknown'))].sort();
  const found = list.length === 0 ? 'no platform' : list.map((text) => escapeText(text)).join(', ');
  return new SourceError(
    'source/platform-missing',
    `${quoteText(name)} is not there for ${formatPlatform(platform)}; it has ${found}`,
    { help: 'take the platform out of `platforms`, or name an image that has it' },
  );
}

function layersOf(manifest: Manifest, config: ImageConfig, wanted: Wanted): Layer[] {
  const diffIds = config.rootfs.diff_ids;
  if (diffIds.length !== manifest.layers.length) {
    const counts = `${String(manifest.layers.length)} and ${String(diffIds.length)}`;
    throw badImage(wanted, `its manifest and its config disagree on the number of layers: ${counts}`);
  }
  return manifest.layers.map((descriptor, at) => {
    const diffId = diffIds[at];
    if (diffId === undefined || !isLayerType(descriptor.mediaType)) {
      throw badImage(
        wanted,
        `its layer ${String(at + 1)} is ${escapeText(descriptor.mediaType)}, which is no layer`,
      );
    }
    return { descriptor: { ...descriptor, mediaType: ociMediaType(descriptor.mediaType) }, diffId };
  });
}

function badImage({ name }: Wanted, reason: string): SourceError {
  return new SourceError('source/bad-image', `${quoteText(name)} is refused: ${reason}`, {
    help: 'have the image made again by the tool that wrote it, or name another one',
  });
}
