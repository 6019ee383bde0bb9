/**
 * Docker's v2 schema 2 beside the image spec (media-types.md, Compatibility Matrix): the documents are the same but
 * for the media types, so a blob keeps its bytes and its digest and only its descriptor changes.
 */
import type { Descriptor } from './descriptor.ts';
import { isForeignLayerType, layerCompression, mediaTypes } from './media-type.ts';

/** The image spec's media type for Docker's; any other type stays as it is. */
export function ociMediaType(mediaType: string): string {
  return documentTypes.get(mediaType) ?? ociLayerType(mediaType);
}

/** Docker's media type for the image spec's; any other type stays as it is. */
export function dockerMediaType(mediaType: string): string {
  return dockerDocumentTypes.get(mediaType) ?? dockerLayerType(mediaType);
}

/** What the manifests of an image are written as. */
export type ImageFormat = 'oci' | 'docker';

/** The descriptor of the same blob in an image of this format; one of the image spec's in an `oci` image stays as it is. */
export function descriptorIn(format: ImageFormat, descriptor: Descriptor): Descriptor {
  return format === 'oci' ? descriptor : { ...descriptor, mediaType: dockerMediaType(descriptor.mediaType) };
}

// Docker's specification knows gzip alone; plain and zstd are what containerd and containers' tools write and read.
function dockerLayerType(mediaType: string): string {
  const compression = layerCompression(mediaType);
  if (compression === undefined) return mediaType;
  const packing = compression === 'none' ? '' : `.${compression}`;
  const prefix = isForeignLayerType(mediaType) ? 'foreign.' : '';
  return `application/vnd.docker.image.rootfs.${prefix}diff.tar${packing}`;
}

function ociLayerType(mediaType: string): string {
  const compression = layerCompression(mediaType);
  if (compression === undefined) return mediaType;
  const packing = compression === 'none' ? '' : `+${compression}`;
  const prefix = isForeignLayerType(mediaType) ? 'nondistributable.' : '';
  return `application/vnd.oci.image.layer.${prefix}v1.tar${packing}`;
}

const dockerDocumentTypes: ReadonlyMap<string, string> = new Map([
  [mediaTypes.manifest, mediaTypes.dockerManifest],
  [mediaTypes.index, mediaTypes.dockerManifestList],
  [mediaTypes.config, mediaTypes.dockerConfig],
]);

const documentTypes: ReadonlyMap<string, string> = new Map([
  [mediaTypes.dockerManifest, mediaTypes.manifest],
  [mediaTypes.dockerManifestList, mediaTypes.index],
  [mediaTypes.dockerConfig, mediaTypes.config],
]);
