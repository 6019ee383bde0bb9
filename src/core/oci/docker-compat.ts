/**
 * Docker's v2 schema 2 beside the image spec (media-types.md, Compatibility Matrix): the documents are the same but
 * for the media types, so a blob keeps its bytes and its digest and only its descriptor changes.
 */
import { isForeignLayerType, layerCompression, mediaTypes } from './media-type.ts';

/** The image spec's media type for Docker's; any other type stays as it is. */
export function ociMediaType(mediaType: string): string {
  return documentTypes.get(mediaType) ?? ociLayerType(mediaType);
}

function ociLayerType(mediaType: string): string {
  const compression = layerCompression(mediaType);
  if (compression === undefined) return mediaType;
  const packing = compression === 'none' ? '' : `+${compression}`;
  const prefix = isForeignLayerType(mediaType) ? 'nondistributable.' : '';
  return `application/vnd.oci.image.layer.${prefix}v1.tar${packing}`;
}

const documentTypes: ReadonlyMap<string, string> = new Map([
  [mediaTypes.dockerManifest, mediaTypes.manifest],
  [mediaTypes.dockerManifestList, mediaTypes.index],
  [mediaTypes.dockerConfig, mediaTypes.config],
]);
