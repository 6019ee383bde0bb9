/** What we accept as a manifest from a registry, before anyone acts on it (N11-N13). */
import { mediaTypes } from '../../core/oci/media-type.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { parseStrictJson } from '../../core/oci/strict-json.ts';
import { RegistryError, type RequestSubject } from './registry-error.ts';

/** Bytes (distribution spec, Pushing manifests: registries should accept 4 MiB). */
export const manifestLimit = 4_194_304;

/** What we ask for, and can read. */
export const manifestTypes: readonly string[] = [
  mediaTypes.manifest,
  mediaTypes.index,
  mediaTypes.dockerManifest,
  mediaTypes.dockerManifestList,
];

type JsonObject = Readonly<Record<string, unknown>>;

const indexTypes: readonly string[] = [mediaTypes.index, mediaTypes.dockerManifestList];

export function isManifestType(mediaType: string): boolean {
  return manifestTypes.includes(mediaType);
}

export function isIndexType(mediaType: string): boolean {
  return indexTypes.includes(mediaType);
}

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
  const document = readDocument(bytes, subject);
  if (document['schemaVersion'] === 1) throw schema1(subject);
  const own = ownType(document, subject);
  if (own !== undefined && isManifestType(served) && own !== served) {
    throw untrusted(subject, `it says mediaType ${quoteText(own)} and is served as ${quoteText(served)}`);
  }
  const mediaType = own ?? (isManifestType(served) ? served : inferredType(document)) ?? served;
  if (!isManifestType(mediaType)) {
    throw untrusted(subject, `it is neither a manifest nor an index (media type ${quoteText(mediaType)})`);
  }
  refuseAmbiguity(document, mediaType, subject);
  return mediaType;
}

/** A Content-Type without its parameters, in lower case; empty where there is none. */
export function bareType(contentType: string | undefined): string {
  return contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
}

function readDocument(bytes: Uint8Array, subject: RequestSubject): JsonObject {
  const json = parseStrictJson(bytes, { maxBytes: manifestLimit });
  if (!json.ok) throw untrusted(subject, json.message);
  const { value } = json;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw untrusted(subject, 'it is not a JSON object');
}

function ownType(document: JsonObject, subject: RequestSubject): string | undefined {
  const own = document['mediaType'];
  if (own === undefined || typeof own === 'string') return own;
  throw untrusted(subject, 'its mediaType is not a text');
}

// The 2021 confusion (CVE-2021-41190): a document that is a manifest to one reader and an index to the next.
function refuseAmbiguity(document: JsonObject, mediaType: string, subject: RequestSubject): void {
  const [layers, manifests] = [Object.hasOwn(document, 'layers'), Object.hasOwn(document, 'manifests')];
  if (layers && manifests) throw untrusted(subject, 'it has both `layers` and `manifests`');
  if (isIndexType(mediaType) ? layers : manifests) {
    throw untrusted(subject, `its members do not fit its media type ${mediaType}`);
  }
}

function inferredType(document: JsonObject): string | undefined {
  if (Object.hasOwn(document, 'manifests')) return mediaTypes.index;
  return Object.hasOwn(document, 'layers') ? mediaTypes.manifest : undefined;
}

export function refuseSchema1(mediaType: string, subject: RequestSubject): void {
  if (/^application\/vnd\.docker\.distribution\.manifest\.v1\+(?:json|prettyjws)$/.test(mediaType))
    throw schema1(subject);
}

export function untrusted(subject: RequestSubject, found: string): RegistryError {
  return new RegistryError('registry/untrusted-manifest', { subject, found });
}

function schema1(subject: RequestSubject): RegistryError {
  return new RegistryError('registry/schema1', {
    subject,
    found: 'the registry serves it in the retired schema 1 format',
    help: 'push the image again with a tool of the last years, or ask for another tag',
  });
}
