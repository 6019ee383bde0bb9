/** What the OCI specifications say, as pure functions: `layerwright/oci`. */
export { type Annotations, type Descriptor } from './core/oci/descriptor.ts';
export { type Digest, digestOf, parseDigest } from './core/digest/digest.ts';
export type { ImageConfig } from './core/oci/image-config.ts';
export type { ImageIndex } from './core/oci/image-index.ts';
export type { Manifest } from './core/oci/manifest.ts';
export { mediaTypes } from './core/oci/media-type.ts';
export { choosePlatform } from './core/oci/match-platform.ts';
export { formatPlatform, parsePlatform, type Platform } from './core/oci/platform.ts';
export { formatReference, parseReference, type Reference } from './core/oci/reference.ts';
export { parseNormalizedReference } from './core/oci/normalize-reference.ts';
export { parseImageConfig, parseManifestDocument } from './core/oci/parse-document.ts';
