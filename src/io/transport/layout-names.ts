/**
 * The names that images have in the index of a layout. umoci and skopeo read `org.opencontainers.image.ref.name` (a
 * tag), containerd and docker read `io.containerd.image.name` (a full reference); we write both and read both.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { annotationKeys } from '../../core/oci/annotations.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { parseNormalizedReference } from '../../core/oci/normalize-reference.ts';
import { formatReference, isTag, type Reference, withTag } from '../../core/oci/reference.ts';
import { TransportError } from './transport-error.ts';

export interface LayoutName {
  /** A tag, or whatever the user wrote after the path. */
  readonly refName: string;
  /** `registry/repository:tag`, where a registry reference is known. */
  readonly imageName?: string;
}

/**
 * The names under which a delivery stands: the tag that its destination gives, else one for each of its references,
 * else `latest`, as umoci reads a layout that was given without a tag.
 */
export function namesOf(references: readonly string[], tag: string | undefined): readonly LayoutName[] {
  const parsed = references.map(parseNormalizedReference).flatMap((one) => (one.ok ? [one.reference] : []));
  if (tag !== undefined) return [nameFor(tag, parsed)];
  if (parsed.length === 0) return [{ refName: 'latest' }];
  return parsed.map((reference) => nameFor(reference.tag ?? 'latest', [reference]));
}

function nameFor(tag: string, references: readonly Reference[]): LayoutName {
  const reference = references.find((one) => one.tag === tag) ?? references[0];
  if (reference === undefined || !isTag(tag)) return { refName: tag };
  const { domain, path } = reference;
  const named = withTag({ domain, path }, tag);
  return named.ok ? { refName: tag, imageName: formatReference(named.reference) } : { refName: tag };
}

export function nameIn(descriptor: Pick<Descriptor, 'annotations'>): Partial<LayoutName> {
  const refName = descriptor.annotations?.[annotationKeys.refName];
  const imageName = descriptor.annotations?.[annotationKeys.containerdImageName];
  return {
    ...(refName === undefined ? {} : { refName }),
    ...(imageName === undefined ? {} : { imageName }),
  };
}

/** What an entry of the index says of an image; annotations of where it came from are not taken along. */
export function entryFor(root: Descriptor, name: LayoutName): Descriptor {
  const { mediaType, digest, size, artifactType } = root;
  const containerd =
    name.imageName === undefined ? {} : { [annotationKeys.containerdImageName]: name.imageName };
  return {
    mediaType,
    digest,
    size,
    ...(artifactType === undefined ? {} : { artifactType }),
    annotations: { [annotationKeys.refName]: name.refName, ...containerd },
  };
}

/** An entry of an index, without what is said of it there, and the full references it stands under. */
export interface PickedImage {
  readonly root: Descriptor;
  readonly references: readonly string[];
}

/**
 * The one image that is meant: by tag or full reference, or the only one there is. As in skopeo, none is preferred
 * where there are several. Throws `transport/unknown-tag` or `transport/ambiguous-image`, which list what is there.
 */
export function pickImage(
  manifests: readonly Descriptor[],
  wanted: { readonly name: string | undefined; readonly place: string },
): PickedImage {
  const { name, place } = wanted;
  const found = name === undefined ? manifests : manifests.filter((one) => isNamed(one, name));
  const [first] = found;
  if (first === undefined) throw unknownTag(manifests, name, place);
  if (found.some(({ digest }) => digest !== first.digest)) throw ambiguous(found, name, place);
  const { mediaType, digest, size, artifactType } = first;
  return {
    root: { mediaType, digest, size, ...(artifactType === undefined ? {} : { artifactType }) },
    references: found.flatMap((one) => nameIn(one).imageName ?? []),
  };
}

function isNamed(descriptor: Descriptor, name: string): boolean {
  const { refName, imageName } = nameIn(descriptor);
  return refName === name || imageName === name || (imageName !== undefined && imageName === fullName(name));
}

function fullName(name: string): string | undefined {
  const parsed = parseNormalizedReference(name);
  return parsed.ok ? formatReference({ tag: 'latest', ...parsed.reference }) : undefined;
}

function unknownTag(
  manifests: readonly Descriptor[],
  name: string | undefined,
  place: string,
): TransportError {
  if (name === undefined) return new TransportError('transport/unknown-tag', `${place} holds no image`);
  return new TransportError('transport/unknown-tag', `${place} holds no image ${quoteText(name)}`, {
    help: `it holds ${listNames(manifests)}`,
  });
}

function ambiguous(found: readonly Descriptor[], name: string | undefined, place: string): TransportError {
  const which = name === undefined ? '' : ` that are called ${quoteText(name)}`;
  return new TransportError(
    'transport/ambiguous-image',
    `${place} holds ${String(found.length)} images${which}`,
    {
      help: `say which is meant by a name after another colon: it holds ${listNames(found)}`,
    },
  );
}

const shownNames = 20;

function listNames(manifests: readonly Descriptor[]): string {
  const tags = manifests.map((one) => nameIn(one).refName);
  const names = manifests.map((one) => {
    const { refName, imageName } = nameIn(one);
    const isShared = tags.filter((tag) => tag === refName).length > 1;
    return (isShared ? imageName : undefined) ?? refName ?? imageName ?? `${one.digest} without a name`;
  });
  if (names.length === 0) return 'none';
  const shown = names.slice(0, shownNames).map((name) => quoteText(name));
  const more = names.length > shownNames ? ` and ${String(names.length - shownNames)} more` : '';
  return `${shown.join(', ')}${more}`;
}
