/**
 * Manifests of a repository: resolve a tag, read by digest, write (distribution spec, Pulling manifests and Pushing
 * manifests). A manifest's bytes are always hashed by us; what the registry says of its digest must agree.
 */
import { type Digest, algorithmOf, parseDigest } from '../../core/digest/digest.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { nativeDigestOf } from '../store/native-hasher.ts';
import { readBounded } from './bounded-body.ts';
import {
  bareType,
  manifestLimit,
  acceptedTypes,
  mediaTypeOf,
  refuseSchema1,
  untrusted,
} from './manifest-rules.ts';
import { RegistryError } from './registry-error.ts';
import { type Repository, subjectIn, urlIn } from './repository.ts';
import { bodyOf } from './request-body.ts';
import { withRetries } from './retry.ts';
import type { WireResponse } from './wire.ts';

/** A tag, or a digest. */
export type ManifestName = { readonly tag: string } | { readonly digest: Digest };

export interface FetchedManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

const accept = acceptedTypes.join(', ');
const missing = [400, 401, 403, 404, 405, 501];

/**
 * What a name stands for now, by HEAD: at Docker Hub a GET counts against the rate limit. Where the answer lacks a
 * digest, size or media type, or is an error (which a HEAD cannot explain), the manifest itself is fetched.
 */
export async function resolveManifest(
  repository: Repository,
  name: ManifestName,
  signal: AbortSignal,
): Promise<Descriptor> {
  const reads = !repository.client.settings.copesWith.has('counts-manifest-reads');
  if (reads) return (await readManifest(repository, name, signal)).descriptor;
  const response = await headManifest(repository, name, signal);
  const found = response.status === 200 ? describedBy(response, repository, name) : undefined;
  return found ?? (await readManifest(repository, name, signal)).descriptor;
}

/** Whether the registry has a manifest under this name; undefined where it has not, or does not say. */
export async function findManifest(
  repository: Repository,
  name: ManifestName,
  signal: AbortSignal,
): Promise<Digest | undefined> {
  const response = await headManifest(repository, name, signal);
  if (response.status !== 200) return undefined;
  const digest = statedDigest(response, repository, name);
  return digest ?? ('digest' in name ? name.digest : undefined);
}

/**
 * The manifest itself, at most 4 MiB, hashed; one that broke off or is another is fetched again. Errors:
 * `registry/differs` when its digest stays another than the one asked for or stated, `registry/untrusted-manifest`,
 * `registry/schema1`.
 */
export function readManifest(
  repository: Repository,
  name: ManifestName,
  signal: AbortSignal,
): Promise<FetchedManifest> {
  return withRetries(repository.client.settings, signal, () => fetchManifest(repository, name, signal));
}

async function fetchManifest(
  repository: Repository,
  name: ManifestName,
  signal: AbortSignal,
): Promise<FetchedManifest> {
  const subject = subjectIn(repository, `read manifest ${textOf(name)}`);
  const { client, access } = repository;
  const url = manifestUrl(repository, name);
  const response = await client.send({
    method: 'GET',
    url,
    headers: { accept },
    subject,
    access,
    expect: [200],
    attempts: 'one',
    signal,
  });
  const stated = statedDigest(response, repository, name);
  const bytes = await readBounded(response, manifestLimit).catch((error: unknown) => {
    throw client.bodyError(error, subject, signal);
  });
  if (bytes === 'too-large') throw untrusted(subject, 'it is larger than 4 MiB');
  const wanted = 'digest' in name ? name.digest : stated;
  const digest = nativeDigestOf(bytes, wanted === undefined ? 'sha256' : algorithmOf(wanted));
  if (wanted !== undefined && digest !== wanted) {
    throw differs(repository, name, { wanted, found: digest, again: 'later' });
  }
  const mediaType = mediaTypeOf(bytes, response.header('content-type'), subject);
  return { descriptor: { mediaType, digest, size: bytes.length }, bytes };
}

export interface ManifestWritten {
  /** The subject that the registry says it has listed the manifest for (`OCI-Subject`). */
  readonly listedFor: string | undefined;
}

/** Writes a manifest under a tag or its digest. What it refers to must be there already. */
export async function writeManifest(
  repository: Repository,
  manifest: FetchedManifest,
  target: { readonly name: ManifestName; readonly signal: AbortSignal },
): Promise<ManifestWritten> {
  const { name, signal } = target;
  const subject = subjectIn(repository, `write manifest ${textOf(name)}`);
  const { client, access } = repository;
  const response = await client.send({
    method: 'PUT',
    url: manifestUrl(repository, name),
    headers: { 'content-type': manifest.descriptor.mediaType },
    body: bodyOf(manifest.bytes),
    subject,
    access,
    expect: [201, 200, 202, 204],
    signal,
  });
  await response.discard();
  // distribution spec, Pushing manifests: the digest header is optional; a wrong one means other bytes were stored.
  const wanted = manifest.descriptor.digest;
  const stated = statedDigest(response, repository, name);
  if (stated !== undefined && algorithmOf(stated) === algorithmOf(wanted) && stated !== wanted) {
    throw differs(repository, name, { wanted, found: stated });
  }
  return { listedFor: response.header('oci-subject') };
}

async function headManifest(
  repository: Repository,
  name: ManifestName,
  signal: AbortSignal,
): Promise<WireResponse> {
  const { client, access } = repository;
  const response = await client.send({
    method: 'HEAD',
    url: manifestUrl(repository, name),
    headers: { accept },
    subject: subjectIn(repository, `resolve manifest ${textOf(name)}`),
    access,
    expect: [200, ...missing],
    signal,
  });
  await response.discard();
  return response;
}

function describedBy(
  response: WireResponse,
  repository: Repository,
  name: ManifestName,
): Descriptor | undefined {
  const subject = subjectIn(repository, `resolve manifest ${textOf(name)}`);
  const digest = statedDigest(response, repository, name);
  const mediaType = bareType(response.header('content-type'));
  refuseSchema1(mediaType, subject);
  const length = response.header('content-length') ?? '';
  if (digest === undefined || !acceptedTypes.includes(mediaType) || !/^\d{1,15}$/.test(length))
    return undefined;
  if (Number(length) > manifestLimit) throw untrusted(subject, 'it is larger than 4 MiB');
  return { mediaType, digest, size: Number(length) };
}

/** The digest the answer states, checked: N10, N37. */
function statedDigest(
  response: WireResponse,
  repository: Repository,
  name: ManifestName,
): Digest | undefined {
  const text = response.header('docker-content-digest');
  if (text === undefined || text === '') return undefined;
  const parsed = parseDigest(text);
  if (!parsed.ok) {
    const subject = subjectIn(repository, `read manifest ${textOf(name)}`);
    throw untrusted(subject, `its digest is stated as ${quoteText(text)}, which is ${parsed.reason}`);
  }
  const wanted = 'digest' in name ? name.digest : undefined;
  if (
    wanted !== undefined &&
    algorithmOf(wanted) === algorithmOf(parsed.digest) &&
    wanted !== parsed.digest
  ) {
    throw differs(repository, name, { wanted, found: parsed.digest });
  }
  return parsed.digest;
}

function differs(
  repository: Repository,
  name: ManifestName,
  facts: { readonly wanted: Digest; readonly found: Digest; readonly again?: 'later' },
): RegistryError {
  return new RegistryError('registry/differs', {
    subject: subjectIn(repository, `use manifest ${textOf(name)}`),
    found: `the registry has ${facts.found} where ${facts.wanted} should be`,
    again: facts.again,
    help: 'a proxy or the registry itself changes manifests; nothing was stored',
  });
}

export function manifestUrl(repository: Repository, name: ManifestName): URL {
  return urlIn(repository, `manifests/${'tag' in name ? checkedTag(name.tag, repository) : name.digest}`);
}

// distribution spec, Pulling manifests: <reference> as a tag.
function checkedTag(tag: string, repository: Repository): string {
  if (/^\w[\w.-]{0,127}$/.test(tag)) return tag;
  const subject = subjectIn(repository, 'name a manifest');
  throw new RegistryError('registry/name', { subject, found: `${quoteText(tag)} is not a tag` });
}

/** The name as messages have it. */
export function textOf(name: ManifestName): string {
  return 'tag' in name ? quoteText(name.tag) : name.digest;
}
