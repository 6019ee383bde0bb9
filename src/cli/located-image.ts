/** An image that a command was given by a reference: opened, and the part of it that is wanted made readable. */
import { escapeText } from '../core/diagnostic/escape-text.ts';
import type { BuiltImage, Image } from '../core/image/image.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import { choosePlatform } from '../core/oci/match-platform.ts';
import { isConfigType, isIndexType, isManifestType } from '../core/oci/media-type.ts';
import { formatPlatform, type Platform } from '../core/oci/platform.ts';
import { parseTransportReference } from '../core/recipe/transport-reference.ts';
import { blobsOnDemand } from '../io/transport/blobs-on-demand.ts';
import { chooseRoot, storeImage } from '../io/transport/copy-image.ts';
import { documentLimit, readManifest } from '../io/transport/image-document.ts';
import { loadImage } from '../io/transport/load-image.ts';
import { openImage, type ReadableReference } from '../io/transport/open-image.ts';
import { blobsInPlace, isLocal } from '../io/transport/source-blobs.ts';
import type { ImageSource } from '../io/transport/transport.ts';
import { documentsOf, walkImage } from '../io/transport/walk-image.ts';
import type { BlobReader, BlobStore } from '../io/store/store.ts';
import { CommandError } from './command-error.ts';
import { hostPlatform } from './host-platform.ts';
import { platformsOf } from './platforms.ts';
import type { Session } from './session.ts';

/** Throws `command/bad-argument` for what is no reference, or a destination only. */
export function readableReference(text: string): ReadableReference {
  const parsed = parseTransportReference(text);
  if (parsed.ok && parsed.value.transport !== 'bundle' && parsed.value.transport !== 'rootfs')
    return parsed.value;
  const reason = parsed.ok
    ? `a ${parsed.value.transport} is a destination, no source of images`
    : parsed.reason;
  throw notReference(text, reason);
}

function notReference(text: string, reason: string): CommandError {
  return new CommandError('command/bad-argument', `\`${escapeText(text)}\` cannot be used here: ${reason}`, {
    help: 'write REGISTRY/REPOSITORY:TAG, oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE or store:DIGEST',
  });
}

/** Opens the image, gives it to `use`, closes it whatever happens. */
export async function withImage<T>(
  reference: string | ReadableReference,
  session: Session,
  use: (source: ImageSource) => Promise<T>,
): Promise<T> {
  const { folder, registries, emit, signal, store } = session;
  const context = { folder, registries, emit, signal, blobs: store.blobs };
  const parsed = typeof reference === 'string' ? readableReference(reference) : reference;
  const source = await openImage(parsed, context);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

/** The one manifest that is wanted: of the platform asked for, else of this computer where the image has several. */
export async function oneManifest(
  source: ImageSource,
  written: readonly string[] | undefined,
): Promise<Descriptor> {
  const asked = platformsOf(written);
  const [wanted = hostPlatform(), second] = asked === undefined || asked === 'all' ? [] : asked;
  if (asked === 'all' || second !== undefined) {
    const given = (written ?? []).map((text) => escapeText(text)).join(', ');
    const message = `one platform is needed here, and --platform asks for ${given}`;
    throw new CommandError('command/several-platforms', message, { help: 'give one with --platform' });
  }
  let offered: readonly Descriptor[] = [];
  const chosen = await chooseRoot(source, (manifests) => {
    offered = manifests;
    const only = asked === undefined ? onlyImage(manifests) : undefined;
    return only ?? choosePlatform(manifests, wanted);
  });
  if (chosen === undefined) throw platformMissing(source, wanted, offered);
  return chosen;
}

/** An index with a single image needs no choice; `unknown` is what buildx calls attestations. */
function onlyImage(manifests: readonly Descriptor[]): Descriptor | undefined {
  const [only, second] = manifests.filter((one) => one.platform?.os !== 'unknown');
  return second === undefined ? only : undefined;
}

export function platformMissing(
  source: ImageSource,
  wanted: Platform,
  offered: readonly Descriptor[],
): CommandError {
  const has = offered.flatMap(({ platform }) => (platform === undefined ? [] : [formatPlatform(platform)]));
  return new CommandError(
    'command/no-such-platform',
    `${escapeText(source.pinned)} has no ${formatPlatform(wanted)}`,
    {
      help:
        has.length === 0 ? 'it names no platforms' : `it has ${has.join(', ')}; choose one with --platform`,
    },
  );
}

/** An image, and where its bytes are read from: where they stand on this computer, else the store. */
export interface LocatedImage {
  readonly image: BuiltImage;
  readonly blobs: BlobReader;
}

/** Makes one manifest and everything below it readable: what is not on this computer comes into the store. */
export async function locateOne(
  source: ImageSource,
  session: Session,
  root: Descriptor,
): Promise<LocatedImage> {
  const blobs = await readableBlobs(source, { session, root });
  const { image } = await loadImage(blobs, root);
  const { pinned: name, references } = source;
  return { image: { name, references, root, images: [image] }, blobs };
}

/** What is wanted of an image (image-part.ts). */
export interface ImagePart {
  readonly source: ImageSource;
  /** Of the source. */
  readonly root: Descriptor;
}

/** How much of an image is brought to this computer: all at once, or each blob when somebody reads it. */
export type Bringing = 'whole' | 'on-demand';

/** Makes what stands below `root` readable, be it an image, an index or an artifact; an image comes with its layers. */
export async function locatePart(
  { source, root }: ImagePart,
  session: Session,
  bringing: Bringing,
): Promise<LocatedImage> {
  const blobs =
    bringing === 'on-demand' && !isLocal(source)
      ? await blobsBehind(source, root, session)
      : await readableBlobs(source, { session, root });
  const { pinned: name, references } = source;
  return { image: { name, references, root, images: await imagesAt(blobs, root) }, blobs };
}

/** The blobs of an image elsewhere, of which the documents come here at once. Readable while the source is open. */
async function blobsBehind(source: ImageSource, root: Descriptor, session: Session): Promise<BlobReader> {
  const { store, signal } = session;
  const only = ({ mediaType }: Descriptor): boolean => isIndexType(mediaType) || isManifestType(mediaType);
  await storeImage(source, store.blobs, { root, only, signal });
  const blobs = await walkImage(documentsOf(store.blobs), root);
  return blobsOnDemand([{ blobs, open: () => Promise.resolve(source) }], { blobs: store.blobs, signal });
}

/** None for an index, whose platform nobody chose, and for an artifact. */
async function imagesAt(blobs: BlobReader, root: Descriptor): Promise<readonly Image[]> {
  const { mediaType, digest } = root;
  const document = readManifest(await blobs.readAll(digest, documentLimit), { mediaType, place: digest });
  if (document.kind === 'index' || !isConfigType(document.manifest.config.mediaType)) return [];
  return [(await loadImage(blobs, root)).image];
}

/** Brings what stands below `root` into the store. */
export async function storePart({ source, root }: ImagePart, session: Session): Promise<void> {
  await readInto(session.store.blobs, source, { session, root });
}

/** Brings one manifest with everything below it into the store. */
export async function storeOne(source: ImageSource, session: Session, root: Descriptor): Promise<BuiltImage> {
  const { blobs } = session.store;
  await readInto(blobs, source, { session, root });
  const { image } = await loadImage(blobs, root);
  return { name: source.pinned, references: [], root, images: [image] };
}

async function readableBlobs(
  source: ImageSource,
  wanted: { readonly session: Session; readonly root: Descriptor },
): Promise<BlobReader> {
  if (isLocal(source)) return await blobsInPlace(source, wanted.root);
  const { blobs } = wanted.session.store;
  await readInto(blobs, source, wanted);
  return blobs;
}

/** Says so where the image comes over the network, which takes its time. */
async function readInto(
  blobs: BlobStore,
  source: ImageSource,
  { session, root }: { readonly session: Session; readonly root: Descriptor },
): Promise<void> {
  const { emit, signal } = session;
  const [label, kind, reason] = [source.pinned, 'fetch', 'reading'];
  if (source.fetchBlob === undefined) {
    await storeImage(source, blobs, { root, signal });
    return;
  }
  emit({ type: 'action-started', label, kind, reason });
  let size = 0;
  const onProgress = (done: number, total: number): void => {
    size = total;
    emit({ type: 'action-progress', label, done, total });
  };
  await storeImage(source, blobs, { root, signal, onProgress });
  emit({ type: 'action-finished', label, kind, outcome: 'built', digest: root.digest, size, reason });
}
