/** What we accept as a manifest from a registry, before anyone acts on it (N10-N13). */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { isIndexType, isManifestType, mediaTypes } from '../../core/oci/media-type.ts';
import { parseManifestDocument } from '../../core/oci/parse-document.ts';
import { maxDocumentBytes, parseStrictJson } from '../../core/oci/strict-json.ts';
import { RegistryError, type RequestSubject } from './registry-error.ts';

/** Bytes (distribution spec, Pushing manifests: registries should accept 4 MiB). */
export const manifestLimit = maxDocumentBytes;

/** What we ask for, and can read. */
export const acceptedTypes: readonly string[] = [
  mediaTypes.manifest,
  mediaTypes.index,
  mediaTypes.dockerManifest,
  mediaTypes.dockerManifestList,
];

/** Manifests and indexes, which have an endpoint of their own; everything else is a blob. */
export function isDocumentType(mediaType: string): boolean {
  return isManifestType(mediaType) || isIndexType(mediaType);
}

// What servers say that know nothing of manifests: no statement at all.
const general = ['', 'application/json', 'application/octet-stream', 'text/plain'];

/**
 * The media type of a manifest: the document's own, which must be the answer's Content-Type where both are given;
 * the Content-Type where the document has none (image-spec manifest.md: `mediaType` is a should).
 */
export function mediaTypeOf(
  bytes: Uint8Array,
  contentType: string | undefined,
  subject: RequestSubject,
): string {
  const served = bareType(contentType);
  refuseSchema1(served, subject);
  const called = general.includes(served) ? {} : { mediaType: served };
  const parsed = parseManifestDocument(bytes, called);
  if (parsed.ok) return parsed.value.mediaType;
  if (isSchema1(bytes)) throw schema1(subject);
  const [{ pointer, message }] = parsed.problems;
  const what = pointer === '' ? 'it' : `its \`${escapeText(pointer)}\``;
  throw untrusted(subject, `${what} ${message}`);
}

/** A Content-Type without its parameters, in lower case; empty where there is none. */
export function bareType(contentType: string | undefined): string {
  return contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
}

export function refuseSchema1(mediaType: string, subject: RequestSubject): void {
  const form = /^application\/vnd\.docker\.distribution\.manifest\.v1\+(?:json|prettyjws)$/;
  if (form.test(mediaType)) throw schema1(subject);
}

export function untrusted(subject: RequestSubject, found: string): RegistryError {
  return new RegistryError('registry/untrusted-manifest', { subject, found });
}

function isSchema1(bytes: Uint8Array): boolean {
  const json = parseStrictJson(bytes);
  if (!json.ok || typeof json.value !== 'object' || json.value === null) return false;
  return (json.value as Readonly<Record<string, unknown>>)['schemaVersion'] === 1;
}

function schema1(subject: RequestSubject): RegistryError {
  return new RegistryError('registry/schema1', {
    subject,
    found: 'the registry serves it in the retired schema 1 format',
    help: 'push the image again with a tool of the last years, or ask for another tag',
  });
}
