/** Small artifacts that refer to an image, for tests of referrers. */
import type { Digest } from '../../src/core/digest/digest.ts';
import { mediaTypes } from '../../src/core/oci/media-type.ts';
import type { FetchedManifest } from '../../src/io/registry/manifests.ts';
import { digest } from './mock-registry.ts';

export const emptyConfig = { mediaType: mediaTypes.empty, digest: digest('{}') as Digest, size: 2 };

/** An artifact of a type about `subject`; `note` makes it another one. */
export function artifact(subject: Digest, artifactType: string, note = ''): FetchedManifest {
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      artifactType,
      config: emptyConfig,
      layers: [emptyConfig],
      subject: { mediaType: mediaTypes.manifest, digest: subject, size: 2 },
      annotations: { note },
    }),
  );
  const descriptor = { mediaType: mediaTypes.manifest, digest: digest(bytes) as Digest, size: bytes.length };
  return { bytes, descriptor };
}
