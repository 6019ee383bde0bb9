/** How layer bytes are compressed: by media type (image-spec media-types.md, layer.md) and by magic number. */
import { mediaTypes } from '../../core/oci/media-type.ts';
import type { Compression } from '../../core/recipe/recipe.ts';

export type LayerCompression = 'none' | 'gzip' | 'zstd';

/** What the first bytes of a stream show. `none` says only that no compression was recognised. */
export type FoundCompression = LayerCompression | 'xz' | 'bzip2' | 'zip';

export function mediaTypeOf({ type }: Compression): string {
  return mediaTypesOf[type];
}

const mediaTypesOf: Readonly<Record<LayerCompression, string>> = {
  none: mediaTypes.layer,
  gzip: mediaTypes.layerGzip,
  zstd: mediaTypes.layerZstd,
};

const byMediaType: ReadonlyMap<string, LayerCompression> = new Map([
  [mediaTypes.layer, 'none'],
  [mediaTypes.layerGzip, 'gzip'],
  [mediaTypes.layerZstd, 'zstd'],
  [mediaTypes.dockerLayer, 'none'],
  [mediaTypes.dockerLayerGzip, 'gzip'],
  [mediaTypes.dockerLayerZstd, 'zstd'],
  // Deprecated, but their bytes are ordinary layers (image-spec layer.md, Non-Distributable Layers).
  ['application/vnd.oci.image.layer.nondistributable.v1.tar', 'none'],
  ['application/vnd.oci.image.layer.nondistributable.v1.tar+gzip', 'gzip'],
  ['application/vnd.oci.image.layer.nondistributable.v1.tar+zstd', 'zstd'],
  ['application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', 'gzip'],
]);

/** Undefined for a media type that is no tar layer. */
export function compressionOfMediaType(mediaType: string): LayerCompression | undefined {
  return byMediaType.get(mediaType);
}

/** How many bytes compressionOfBytes needs to see. */
export const magicBytes = 6;

const magics: readonly (readonly [FoundCompression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  // Of no entries.
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
];

export function compressionOfBytes(start: Uint8Array): FoundCompression {
  const found = magics.find(([, magic]) => magic.every((byte, at) => start[at] === byte));
  return found?.[0] ?? (isSkippableFrame(start) ? 'zstd' : 'none');
}

/** RFC 8878, 3.1.2: pzstd begins its streams with one. */
function isSkippableFrame([first = 0, ...rest]: Uint8Array): boolean {
  return (first & 0xf0) === 0x50 && [0x2a, 0x4d, 0x18].every((byte, at) => rest[at] === byte);
}
