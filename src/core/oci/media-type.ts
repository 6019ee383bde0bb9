/** The media types of the image spec (media-types.md) and of Docker's v2 schema 2. */

export const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  layerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  layerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  empty: 'application/vnd.oci.empty.v1+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerManifestList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  dockerLayerZstd: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
} as const;

/**
 * How a layer's bytes are packed. Undefined in layerCompression stands for a media type that is no layer's, or whose
 * packing is not known here.
 */
export type LayerCompression = 'none' | 'gzip' | 'zstd';

/** OCI's manifests and Docker's. */
export function isManifestType(mediaType: string): boolean {
  return mediaType === mediaTypes.manifest || mediaType === mediaTypes.dockerManifest;
}

/** OCI's image indexes and Docker's manifest lists. */
export function isIndexType(mediaType: string): boolean {
  return mediaType === mediaTypes.index || mediaType === mediaTypes.dockerManifestList;
}

/** The configs of images; artifacts have others. */
export function isConfigType(mediaType: string): boolean {
  return mediaType === mediaTypes.config || mediaType === mediaTypes.dockerConfig;
}

/** Layers that are tar archives, foreign ones too. */
export function isLayerType(mediaType: string): boolean {
  return layerCompression(mediaType) !== undefined;
}

export function layerCompression(mediaType: string): LayerCompression | undefined {
  const match = layerPattern.exec(mediaType);
  return match === null ? undefined : ((match[1] ?? 'none') as LayerCompression);
}

/** Layers that a registry may not hold, whose descriptors name other places (media-types.md, Non-distributable). */
export function isForeignLayerType(mediaType: string): boolean {
  return isLayerType(mediaType) && /nondistributable|foreign/.test(mediaType);
}

// media-types.md: application/vnd.oci.image.layer.v1.tar, .nondistributable.v1.tar; Docker's with .gzip for +gzip.
const layerPattern =
  /^application\/vnd\.(?:oci\.image\.layer\.(?:nondistributable\.)?v1\.tar(?=$|\+)|docker\.image\.rootfs\.(?:foreign\.)?diff\.tar(?=$|\.))(?:[+.](gzip|zstd))?$/;
