/**
 * The names of images as they are written everywhere (command-line.md, Transports): parsed, and written again. What a
 * registry reference is stands in core/oci/reference.ts. As in containers' tools, the first colon ends a path.
 */
import { escapeText, quoteText } from '../diagnostic/escape-text.ts';
import { type Digest, parseDigest } from '../digest/digest.ts';
import { parseNormalizedReference } from '../oci/normalize-reference.ts';
import { isRefName } from '../oci/ref-name.ts';
import type { ReferenceProblem } from '../oci/reference.ts';

export type TransportReference =
  /** `REGISTRY/REPO:TAG@DIGEST` or `docker://…`, normalised: domain and repository as docker reads them. */
  | {
      readonly transport: 'registry';
      readonly registry: string;
      readonly repository: string;
      readonly tag?: string;
      readonly digest?: Digest;
    }
  | { readonly transport: 'oci'; readonly path: string; readonly tag?: string }
  | { readonly transport: 'oci-archive'; readonly path: string; readonly tag?: string }
  | { readonly transport: 'docker-archive'; readonly path: string; readonly reference?: string }
  | { readonly transport: 'store'; readonly digest: Digest }
  | { readonly transport: 'bundle'; readonly path: string }
  | { readonly transport: 'rootfs'; readonly path: string };

/** What `from:` may name. */
export type BaseReference =
  | { readonly transport: 'scratch' }
  | { readonly transport: 'image'; readonly name: string }
  | Exclude<TransportReference, { transport: 'bundle' | 'rootfs' }>;

export type TransportParse<T> =
  | { readonly ok: true; readonly value: T }
  /** Why not, as the end of a sentence: "`x` is no image reference: REASON". */
  | { readonly ok: false; readonly reason: string };

/** Longer than any name a registry or a file system takes; checked first, so that no pattern sees a longer text. */
const longest = 4096;

/** A reference as the command line and `outputs` take it. Never throws, in time linear to the text. */
export function parseTransportReference(text: string): TransportParse<TransportReference> {
  if (text.length > longest) return refuse(`it is ${String(text.length)} characters long`);
  if (/\p{Cc}/u.test(text)) return refuse('it holds a control character');
  if (text.startsWith('docker://')) return parseRegistry(text.slice('docker://'.length));
  if (/^[a-z]+:\/\//i.test(text)) return refuse('it is a URL; write the registry and repository alone');
  const colon = text.indexOf(':');
  const rest = text.slice(colon + 1);
  switch (colon < 0 ? '' : text.slice(0, colon)) {
    case 'oci':
    case 'oci-archive':
      return parseLayout(text.startsWith('oci:') ? 'oci' : 'oci-archive', rest);
    case 'docker-archive':
      return parseDockerArchive(rest);
    case 'store':
      return parseStored(rest);
    case 'bundle':
      return rest === '' ? missingPath('bundle', 'folder') : accept({ transport: 'bundle', path: rest });
    case 'rootfs':
      return rest === '' ? missingPath('rootfs', 'folder') : accept({ transport: 'rootfs', path: rest });
    default:
      return parseRegistry(text);
  }
}

/** A reference as `from:` takes it: any source of images, `scratch`, or `image:NAME`. */
export function parseBaseReference(text: string): TransportParse<BaseReference> {
  if (text === 'scratch') return accept({ transport: 'scratch' });
  if (text.startsWith('image:')) return parseImageName(text.slice('image:'.length));
  const parsed = parseTransportReference(text);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (value.transport === 'bundle' || value.transport === 'rootfs') {
    return refuse(`a ${value.transport} is a destination, no source of images`);
  }
  return accept(value);
}

/** The reference as text that parses to the same again. */
export function formatTransportReference(reference: TransportReference | BaseReference): string {
  switch (reference.transport) {
    case 'registry':
      return formatRegistry(reference);
    case 'oci':
    case 'oci-archive':
      return withSuffix(`${reference.transport}:${reference.path}`, ':', reference.tag);
    case 'docker-archive':
      return withSuffix(`docker-archive:${reference.path}`, ':', reference.reference);
    case 'store':
      return `store:${reference.digest}`;
    case 'bundle':
    case 'rootfs':
      return `${reference.transport}:${reference.path}`;
    case 'scratch':
      return 'scratch';
    case 'image':
      return `image:${reference.name}`;
  }
}

type RegistryReference = Extract<TransportReference, { transport: 'registry' }>;

function parseRegistry(text: string): TransportParse<RegistryReference> {
  const parsed = parseNormalizedReference(text);
  if (!parsed.ok) return refuse(referenceProblems[parsed.reason]);
  const { domain, path, tag, digest } = parsed.reference;
  return accept({
    transport: 'registry',
    registry: domain,
    repository: path,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  });
}

/** Why a text is no reference, as the end of a sentence. */
export const referenceProblems: Readonly<Record<ReferenceProblem, string>> = {
  empty: 'it is empty',
  malformed: 'it is not written as REGISTRY/REPOSITORY:TAG@DIGEST',
  uppercase: 'a repository is written in lower case',
  'too-long': 'it is too long',
  'digest-malformed': 'its digest is malformed',
  'digest-unsupported': 'its digest is of an algorithm that is not supported; sha256 and sha512 are',
  identifier: 'it is the ID of an image, which no registry knows; name the image by its repository',
  'not-canonical': 'it is not written in full',
};

function parseLayout(transport: 'oci' | 'oci-archive', rest: string): TransportParse<TransportReference> {
  const [path, tag] = splitAtColon(rest);
  if (path === '') return missingPath(transport, transport === 'oci' ? 'folder' : 'file');
  if (tag === undefined) return accept({ transport, path });
  if (!isRefName(tag)) return refuse(`${quoteText(tag)} is no tag of an image layout`);
  return accept({ transport, path, tag });
}

function parseDockerArchive(rest: string): TransportParse<TransportReference> {
  const [path, reference] = splitAtColon(rest);
  if (path === '') return missingPath('docker-archive', 'file');
  if (reference === undefined) return accept({ transport: 'docker-archive', path });
  const parsed = parseNormalizedReference(reference);
  if (!parsed.ok)
    return refuse(`${quoteText(reference)} is no reference: ${referenceProblems[parsed.reason]}`);
  return accept({ transport: 'docker-archive', path, reference });
}

function parseStored(rest: string): TransportParse<TransportReference> {
  const parsed = parseDigest(rest);
  if (parsed.ok) return accept({ transport: 'store', digest: parsed.digest });
  return refuse(
    `${quoteText(rest)} is ${parsed.reason === 'malformed' ? 'no digest' : 'a digest of an unsupported algorithm'}`,
  );
}

/** The names that `images:` may have as keys; short enough to be a tag or a folder. */
export const imageNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

function parseImageName(name: string): TransportParse<BaseReference> {
  if (imageNamePattern.test(name)) return accept({ transport: 'image', name });
  return refuse(`${quoteText(name)} is no name of an image of this recipe`);
}

function splitAtColon(text: string): [string, string | undefined] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** docker.io's names keep their full form; parsing gives the same registry and repository. */
function formatRegistry({ registry, repository, tag, digest }: RegistryReference): string {
  return withSuffix(withSuffix(`${registry}/${repository}`, ':', tag), '@', digest);
}

function withSuffix(text: string, separator: string, suffix: string | undefined): string {
  return suffix === undefined ? text : `${text}${separator}${suffix}`;
}

function accept<T>(value: T): TransportParse<T> {
  return { ok: true, value };
}

function refuse(reason: string): { ok: false; reason: string } {
  return { ok: false, reason: escapeText(reason) };
}

function missingPath(transport: string, what: string): { ok: false; reason: string } {
  return refuse(`\`${transport}:\` names no ${what}`);
}
