/** What comes out: descriptors over a store. */
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../digest/digest.ts';
import type { Platform } from '../oci/platform.ts';

export interface Layer {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
}

export interface Image {
  readonly manifest: Descriptor;
  readonly config: Descriptor;
  readonly layers: readonly Layer[];
  readonly platform: Platform;
}

/** One named result of a build: a single manifest, or an index over several. */
export interface BuiltImage {
  readonly name: string;
  /** `registry/repository:tag`, each tag of it; empty where nothing named the image. */
  readonly references: readonly string[];
  /** What the digest of the image is: the manifest's descriptor, or the index's. */
  readonly root: Descriptor;
  readonly images: readonly Image[];
}

export interface ImageSet {
  readonly images: readonly BuiltImage[];
}
