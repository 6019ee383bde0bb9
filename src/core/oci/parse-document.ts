/**
 * Documents of images from outside, read in one step: strict JSON, then the specification's demands, then what makes a
 * document mean one thing (safety.md T15, N10 to N13): `layers` and `manifests` never both, a media type that agrees
 * with what the document was called where it came from, and digests that we can check.
 */
import { parseDigest } from '../digest/digest.ts';
import type { ImageConfig } from './image-config.ts';
import type { ImageIndex } from './image-index.ts';
import { isObject, type Problem } from './json-check.ts';
import type { Manifest } from './manifest.ts';
import { isIndexType, isManifestType, mediaTypes } from './media-type.ts';
import { type JsonValue, parseStrictJson } from './strict-json.ts';
import {
  validateImageConfig,
  validateImageLayout,
  validateIndex,
  validateKeptManifest,
  validateManifest,
} from './validate-image.ts';

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] };

/** A manifest or an index; `mediaType` is the document's own, else the one it was called by, else OCI's for its kind. */
export type ManifestDocument =
  | { readonly kind: 'manifest'; readonly mediaType: string; readonly manifest: Manifest }
  | { readonly kind: 'index'; readonly mediaType: string; readonly index: ImageIndex };

export interface ManifestDocumentOptions {
  /** What the descriptor or the Content-Type says, without parameters. */
  readonly mediaType?: string;
  /** Default 4 MiB. */
  readonly maxBytes?: number;
  /** `any`: none too, as a registry keeps manifests. Default `some`, as image-spec's schema has it. */
  readonly layers?: 'some' | 'any';
}

/** Parses a manifest or an image index, OCI's or Docker's. */
export function parseManifestDocument(
  bytes: Uint8Array,
  options: ManifestDocumentOptions = {},
): Parsed<ManifestDocument> {
  const parsed = parseJson(bytes, options.maxBytes);
  if (!parsed.ok) return parsed;
  const document = parsed.value;
  const contradiction = findContradiction(document, options.mediaType);
  if (contradiction !== undefined) return { ok: false, problems: [contradiction] };
  const mediaType = mediaTypeOf(document) ?? options.mediaType ?? typeByShape(document);
  const unsupported = unsupportedDigests(document);
  if (isIndexType(mediaType)) {
    const index = document as unknown as ImageIndex;
    return unlessAny([...validateIndex(document), ...unsupported], { kind: 'index', mediaType, index });
  }
  const manifest = document as unknown as Manifest;
  const validate = options.layers === 'any' ? validateKeptManifest : validateManifest;
  return unlessAny([...validate(document), ...unsupported], {
    kind: 'manifest',
    mediaType,
    manifest,
  });
}

/** Parses an image config. Members that are null are left out, since Docker writes null for what is absent. */
export function parseImageConfig(bytes: Uint8Array, maxBytes?: number): Parsed<ImageConfig> {
  const parsed = parseJson(bytes, maxBytes);
  if (!parsed.ok) return parsed;
  const document = withDiffIds(withoutNulls(parsed.value));
  const problems = [...validateImageConfig(document), ...unsupportedDiffIds(document)];
  return unlessAny(problems, document as unknown as ImageConfig);
}

/** Parses the `oci-layout` file, whose only known version is 1.0.0. */
export function parseImageLayout(bytes: Uint8Array): Parsed<ImageLayout> {
  const parsed = parseJson(bytes, 64 * 1024);
  if (!parsed.ok) return parsed;
  return unlessAny(validateImageLayout(parsed.value), parsed.value as unknown as ImageLayout);
}

export interface ImageLayout {
  readonly imageLayoutVersion: '1.0.0';
}

/** A problem's message goes after what it is about: `is larger than …`. */
export function parseJson(bytes: Uint8Array, maxBytes: number | undefined): Parsed<JsonValue> {
  const parsed = parseStrictJson(bytes, maxBytes === undefined ? {} : { maxBytes });
  if (parsed.ok) return parsed;
  const { pointer, message } = parsed;
  const clause = message.startsWith('it ') ? message.slice(3) : `is not sound JSON: ${message}`;
  return { ok: false, problems: [{ pointer, message: clause }] };
}

/** The value, which is of its type where the validator found nothing. */
function unlessAny<T>(problems: readonly Problem[], value: T): Parsed<T> {
  const [first, ...rest] = problems;
  return first === undefined ? { ok: true, value } : { ok: false, problems: [first, ...rest] };
}

function mediaTypeOf(document: JsonValue): string | undefined {
  return isObject(document) && typeof document['mediaType'] === 'string' ? document['mediaType'] : undefined;
}

function typeByShape(document: JsonValue): string {
  return isObject(document) && Object.hasOwn(document, 'manifests') ? mediaTypes.index : mediaTypes.manifest;
}

function findContradiction(document: JsonValue, called: string | undefined): Problem | undefined {
  if (!isObject(document)) return { pointer: '', message: 'must be an object' };
  const isManifest = Object.hasOwn(document, 'layers') || Object.hasOwn(document, 'config');
  if (isManifest && Object.hasOwn(document, 'manifests')) {
    return { pointer: '', message: 'is a manifest and an index at once' };
  }
  if (document['schemaVersion'] === 1) {
    return { pointer: '/schemaVersion', message: "is Docker's schema 1, which has been given up" };
  }
  const own = mediaTypeOf(document);
  if (own !== undefined && called !== undefined && own !== called) {
    return { pointer: '/mediaType', message: `must be \`${called}\`, as which the document was delivered` };
  }
  const mediaType = own ?? called;
  if (mediaType !== undefined && !isManifestType(mediaType) && !isIndexType(mediaType)) {
    return { pointer: '/mediaType', message: 'must be the media type of a manifest or an image index' };
  }
  return undefined;
}

/** Digests that are well-formed but of an algorithm that we cannot check, wherever a descriptor stands. */
function unsupportedDigests(document: JsonValue, pointer = ''): Problem[] {
  if (Array.isArray(document)) {
    return document.flatMap((item: JsonValue, at) => unsupportedDigests(item, `${pointer}/${String(at)}`));
  }
  if (!isObject(document)) return [];
  const nested = ['config', 'layers', 'manifests', 'subject'].flatMap((name) =>
    Object.hasOwn(document, name)
      ? unsupportedDigests(document[name] as JsonValue, `${pointer}/${name}`)
      : [],
  );
  return [...unsupportedDigest(document['digest'], `${pointer}/digest`), ...nested];
}

function unsupportedDiffIds(document: JsonValue): Problem[] {
  const rootfs = isObject(document) ? document['rootfs'] : undefined;
  const diffIds = isObject(rootfs) && Array.isArray(rootfs['diff_ids']) ? rootfs['diff_ids'] : [];
  return diffIds.flatMap((diffId, at) => unsupportedDigest(diffId, `/rootfs/diff_ids/${String(at)}`));
}

function unsupportedDigest(value: unknown, pointer: string): Problem[] {
  if (typeof value !== 'string') return [];
  const parsed = parseDigest(value);
  if (parsed.ok || parsed.reason === 'malformed') return [];
  return [{ pointer, message: 'is of an algorithm that is not supported: only sha256 and sha512 are' }];
}

function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => withoutNulls(item));
  if (!isObject(value)) return value;
  const members = Object.entries(value as Readonly<Record<string, JsonValue>>);
  const kept = members.filter(([, member]) => member !== null);
  return nullPrototype(kept.map(([name, member]) => [name, withoutNulls(member)]));
}

/** An image without layers has no `diff_ids` when docker writes it. */
function withDiffIds(document: JsonValue): JsonValue {
  const rootfs = isObject(document) ? document['rootfs'] : undefined;
  if (!isObject(rootfs) || Object.hasOwn(rootfs, 'diff_ids')) return document;
  const whole = { ...(rootfs as Readonly<Record<string, JsonValue>>), diff_ids: [] };
  return { ...(document as Readonly<Record<string, JsonValue>>), rootfs: whole };
}

function nullPrototype(members: readonly (readonly [string, JsonValue])[]): JsonValue {
  return Object.assign(Object.create(null) as object, Object.fromEntries(members));
}
