/**
 * `manifest.json` of a docker-archive (moby image/spec/v1.2.md, Combined Image JSON + Filesystem Changeset Format): a
 * list of images, each with the members that hold its config and its layers, and the names it had.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { canonicalBytes } from '../../core/digest/canonical-json.ts';
import { isObject } from '../../core/oci/json-check.ts';
import { parseNormalizedReference } from '../../core/oci/normalize-reference.ts';
import { formatReference } from '../../core/oci/reference.ts';
import { parseStrictJson } from '../../core/oci/strict-json.ts';
import { badDocument } from './image-document.ts';
import { TransportError } from './transport-error.ts';

export interface DockerImage {
  /** Names of members. */
  readonly config: string;
  readonly layers: readonly string[];
  readonly repoTags: readonly string[];
}

/** Throws TransportError `transport/bad-document`. */
export function readDockerManifest(bytes: Uint8Array, archive: string): readonly DockerImage[] {
  const place = `manifest.json of ${archive}`;
  const parsed = parseStrictJson(bytes);
  if (!parsed.ok) throw badDocument(place, parsed.message);
  if (!Array.isArray(parsed.value)) throw badDocument(place, 'it is no list of images');
  return parsed.value.map((item: unknown) => {
    const image = isObject(item) ? item : {};
    const [config, layers] = [image['Config'], textsIn(image['Layers'])];
    const repoTags = textsIn(image['RepoTags'] ?? []);
    if (typeof config !== 'string' || layers === undefined || repoTags === undefined) {
      throw badDocument(place, 'an image in it lacks a text `Config` or the lists `Layers` and `RepoTags`');
    }
    return { config, layers, repoTags };
  });
}

function textsIn(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}

/** The bytes of a manifest.json that lists one image. */
export function dockerManifestBytes({ config, layers, repoTags }: DockerImage): Uint8Array {
  return canonicalBytes([{ Config: config, Layers: layers, RepoTags: repoTags }]);
}

/** A name as docker and containerd have it in full, with `latest` where it has no tag; undefined for what is no name. */
export function fullReference(name: string): string | undefined {
  const parsed = parseNormalizedReference(name);
  return parsed.ok ? formatReference({ tag: 'latest', ...parsed.reference }) : undefined;
}

/** The image that is meant: the one of that name, or the only one. */
export function pickDockerImage(
  images: readonly DockerImage[],
  wanted: { readonly name: string | undefined; readonly place: string },
): DockerImage {
  const { name, place } = wanted;
  const full = name === undefined ? undefined : fullReference(name);
  const found =
    name === undefined
      ? images
      : images.filter(({ repoTags }) => repoTags.some((tag) => fullReference(tag) === full));
  const [first] = found;
  const help = `it holds ${listNames(images)}`;
  if (first === undefined) {
    const which = name === undefined ? 'no image' : `no image ${quoteText(name)}`;
    throw new TransportError('transport/unknown-tag', `${place} holds ${which}`, { help });
  }
  if (found.length === 1) return first;
  const message = `${place} holds ${String(found.length)} images`;
  throw new TransportError('transport/ambiguous-image', message, {
    help: `say which is meant by its name after another colon: ${help}`,
  });
}

function listNames(images: readonly DockerImage[]): string {
  const names = images.flatMap(({ repoTags, config }) => (repoTags.length === 0 ? [config] : repoTags));
  return names.length === 0 ? 'none' : names.map((name) => quoteText(name)).join(', ');
}
