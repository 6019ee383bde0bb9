/** What `--platform` takes out of an image: all of it, one manifest, or an index over several. */
import type { Diagnostic } from '../core/diagnostic/diagnostic.ts';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import { choosePlatform } from '../core/oci/match-platform.ts';
import { isIndexType } from '../core/oci/media-type.ts';
import { formatPlatform, type Platform } from '../core/oci/platform.ts';
import { listManifests } from '../io/transport/list-manifests.ts';
import { narrowIndex } from '../io/transport/narrow-index.ts';
import type { ImageSource } from '../io/transport/transport.ts';
import { type ImagePart, oneManifest, platformMissing } from './located-image.ts';
import { platformsOf } from './platforms.ts';

/**
 * Nothing written, or `all`, is the whole image. For several platforms the source that is given back has an index over
 * them for its root, and `onNewIndex` is told that its digest is another one. Throws `command/no-such-platform`.
 */
export async function partOf(
  source: ImageSource,
  written: readonly string[] | undefined,
  onNewIndex: (warning: Diagnostic) => void,
): Promise<ImagePart> {
  const platforms = platformsOf(written);
  if (platforms === undefined || platforms === 'all' || !isIndexType(source.root.mediaType))
    return { source, root: source.root };
  if (platforms.length === 1) return { source, root: await oneManifest(source, written) };
  const offered = await listManifests(source);
  const chosen = manifestsFor(platforms, offered, source);
  if (chosen.length === offered.length) return { source, root: source.root };
  const narrow = await narrowIndex(source, chosen);
  onNewIndex(newIndex(source, narrow.root, chosen));
  return { source: narrow, root: narrow.root };
}

/** In the order in which they are offered. */
function manifestsFor(
  platforms: readonly Platform[],
  offered: readonly Descriptor[],
  source: ImageSource,
): readonly Descriptor[] {
  const chosen = platforms.map((platform) => {
    const manifest = choosePlatform(offered, platform);
    if (manifest === undefined) throw platformMissing(source, platform, offered);
    return manifest;
  });
  return offered.filter((one) => chosen.includes(one));
}

function newIndex(source: ImageSource, root: Descriptor, chosen: readonly Descriptor[]): Diagnostic {
  const names = chosen.map(({ platform }) => (platform === undefined ? '' : formatPlatform(platform)));
  return {
    code: 'command/new-index',
    severity: 'warning',
    message: `${escapeText(source.pinned)} becomes an index of ${names.join(', ')}, whose digest is ${root.digest}`,
    help: 'their manifests keep their digests; leave out --platform to keep that of the index too',
  };
}
