/** A layout with one artifact (image-spec manifest.md, Guidelines for Artifact Usage): no content, and a subject. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Described {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Gives the digest of its manifest. */
export function writeArtifact(layout: string, subject: Described): string {
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true });
  const put = (mediaType: string, text: string): Described => {
    const hex = createHash('sha256').update(text).digest('hex');
    writeFileSync(join(layout, 'blobs/sha256', hex), text);
    return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(text) };
  };
  const empty = put('application/vnd.oci.empty.v1+json', '{}');
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const artifactType = 'application/vnd.example.note';
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    artifactType,
    config: empty,
    layers: [empty],
    subject,
    annotations: { 'org.example.note': 'kept' },
  });
  const manifest = put(mediaType, text);
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(
    join(layout, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, artifactType }] }),
  );
  return manifest.digest;
}
