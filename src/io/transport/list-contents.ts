/** What an image that stands in a store is made of: its manifests, children before parents, and the blobs they name. */
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { parseDigest } from '../../core/digest/digest.ts';
import { type JsonValue, parseStrictJson } from '../../core/oci/strict-json.ts';
import { isIndexType, isManifestType, manifestLimit } from '../registry/manifest-rules.ts';
import type { FetchedManifest } from '../registry/manifests.ts';
import { RegistryError } from '../registry/registry-error.ts';
import type { BlobStore } from '../store/store.ts';

export interface ImageContents {
  /** The root is the last. */
  readonly manifests: readonly FetchedManifest[];
  /** Configs and layers, each once. */
  readonly blobs: readonly Descriptor[];
}

// An index of indexes of indexes is already more than anyone makes.
const deepest = 4;

/** Errors: StoreError where a manifest is missing; RegistryError `registry/untrusted-manifest` where one is malformed. */
export async function listContents(root: Descriptor, blobs: BlobStore): Promise<ImageContents> {
  const found = { manifests: new Map<string, FetchedManifest>(), blobs: new Map<string, Descriptor>() };
  await collect(root, { blobs, found, depth: 0 });
  return { manifests: [...found.manifests.values()], blobs: [...found.blobs.values()] };
}

interface Walk {
  readonly blobs: BlobStore;
  readonly found: {
    readonly manifests: Map<string, FetchedManifest>;
    readonly blobs: Map<string, Descriptor>;
  };
  readonly depth: number;
}

async function collect(descriptor: Descriptor, walk: Walk): Promise<void> {
  const { manifests, blobs } = walk.found;
  if (manifests.has(descriptor.digest)) return;
  if (walk.depth > deepest) throw malformed(descriptor, 'indexes are nested too deeply');
  const bytes = await walk.blobs.readAll(descriptor.digest, manifestLimit);
  const parsed = parseStrictJson(bytes, { maxBytes: manifestLimit });
  if (!parsed.ok) throw malformed(descriptor, parsed.message);
  for (const child of childrenOf(parsed.value, descriptor)) {
    if (isManifestType(child.mediaType)) await collect(child, { ...walk, depth: walk.depth + 1 });
    else blobs.set(child.digest, child);
  }
  manifests.set(descriptor.digest, { descriptor, bytes });
}

function childrenOf(document: JsonValue, parent: Descriptor): readonly Descriptor[] {
  const members = asObject(document);
  const listed = members[isIndexType(parent.mediaType) ? 'manifests' : 'layers'];
  const config = isIndexType(parent.mediaType) ? [] : [members['config']];
  if (!Array.isArray(listed)) throw malformed(parent, 'it lists nothing');
  return [...config, ...(listed as readonly JsonValue[])].map((value) => readDescriptor(value, parent));
}

function readDescriptor(value: JsonValue | undefined, parent: Descriptor): Descriptor {
  const { mediaType, digest: text, size } = asObject(value ?? null);
  const digest = typeof text === 'string' ? parseDigest(text) : undefined;
  if (digest?.ok !== true || typeof mediaType !== 'string' || typeof size !== 'number' || size < 0) {
    throw malformed(parent, 'it holds a descriptor without a sound media type, digest or size');
  }
  return { mediaType, digest: digest.digest, size };
}

function asObject(value: JsonValue): { readonly [name: string]: JsonValue } {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as { readonly [name: string]: JsonValue }) : {};
}

function malformed(descriptor: Descriptor, found: string): RegistryError {
  const subject = { registry: 'the registry', action: `push manifest ${descriptor.digest}` };
  return new RegistryError('registry/untrusted-manifest', { subject, found });
}
