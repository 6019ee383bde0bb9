/** Image indexes (image-spec image-index.md). */
import type { Annotations, Descriptor } from './descriptor.ts';

export interface ImageIndex {
  readonly schemaVersion: 2;
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly manifests: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations?: Annotations;
}
