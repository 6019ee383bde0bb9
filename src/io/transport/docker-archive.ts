/**
 * `docker-archive:FILE[:REF]`: what `docker save` and `docker load` exchange. Written as a hybrid, an image layout with
 * a manifest.json beside it, which old docker loads by the one and new docker and containerd by the other, with the
 * digests that were built. Read from whoever wrote it: a hybrid keeps its digests, of any other only the config's
 * digest and the diffIDs can hold (docker-image.ts).
 */
import { resolve } from 'node:path';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { isIndexType, layerCompression } from '../../core/oci/media-type.ts';
import { formatTransportReference, type TransportReference } from '../../core/recipe/transport-reference.ts';
import { refusedArchive, openArchive } from './archive-files.ts';
import { archiveReceipt, type ImageMembers, layoutMembers, smallMember } from './archive-members.ts';
import { openDockerImage } from './docker-image.ts';
import {
  type DockerImage,
  dockerManifestBytes,
  fullReference,
  pickDockerImage,
  readDockerManifest,
} from './docker-manifest.ts';
import { documentLimit, readManifest } from './image-document.ts';
import { blobName, type LayoutFiles, readSmallFile } from './layout-files.ts';
import { readLayoutIndex, requireLayout } from './layout-index.ts';
import { type LayoutName, namesOf, pickImage } from './layout-names.ts';
import { layoutSource } from './layout-source.ts';
import type { Deliver, Delivery, ImageSource, TransportContext } from './transport.ts';
import { TransportError, transportErrorOf } from './transport-error.ts';
import { documentsOf, walkImage } from './walk-image.ts';
import { type ArchiveFile, replaceArchive, type TakeBytes, writeArchive } from './write-archive.ts';

export type DockerArchiveReference = Extract<TransportReference, { transport: 'docker-archive' }>;

/** A relative path starts at the process's own folder. Throws TransportError. */
export async function openDockerArchive(reference: DockerArchiveReference): Promise<ImageSource> {
  const place = formatTransportReference(reference);
  const files = await openArchive(resolve(reference.path), place);
  try {
    const bytes = await readSmallFile(files, 'manifest.json', documentLimit);
    if (bytes === undefined) throw notDockers(place);
    const images = readDockerManifest(bytes, place);
    const wanted = { name: reference.reference, place };
    if ((await files.size('oci-layout')) !== undefined) return await openHybrid(files, images, wanted);
    return await openDockerImage(files, pickDockerImage(images, wanted));
  } catch (error) {
    await files.close();
    throw error;
  }
}

function notDockers(place: string): TransportError {
  return new TransportError(
    'transport/not-an-image',
    `${place} is no docker-archive: it has no manifest.json`,
    {
      help: 'an archive of an image layout is named by oci-archive:FILE',
    },
  );
}

async function openHybrid(
  files: LayoutFiles,
  images: readonly DockerImage[],
  wanted: { readonly name: string | undefined; readonly place: string },
): Promise<ImageSource> {
  await requireLayout(files);
  const source = layoutSource(files, pickImage(await readLayoutIndex(files), wanted));
  const { root } = source;
  const { mediaType, digest } = root;
  const document = readManifest(await source.readDocument(root), { mediaType, place: digest });
  // Docker before 25 loads what manifest.json says, everybody else what index.json says: they have to agree.
  const config = document.kind === 'manifest' ? blobName(document.manifest.config.digest) : undefined;
  if (config !== undefined && !images.some((image) => image.config === config)) {
    throw refusedArchive(wanted.place, 'its manifest.json and its index.json name different images');
  }
  return source;
}

/**
 * Replaces the file. Throws TransportError `transport/one-platform` for an index, `transport/not-for-docker` for zstd
 * layers, `transport/not-ours`, `transport/full`, …, and StoreError where a blob is missing.
 */
export const deliverToDockerArchive: Deliver<DockerArchiveReference> = async (
  delivery,
  reference,
  context,
) => {
  const destination = formatTransportReference(reference);
  const names = dockerNames(delivery, reference.reference);
  const image = await imageFor(delivery, names, destination);
  try {
    const members = await dockerMembers(image, context);
    await replaceArchive(resolve(context.folder ?? '.', reference.path), members);
  } catch (error) {
    throw transportErrorOf(error, 'writing', reference.path);
  }
  return archiveReceipt(image);
};

/** The same archive as a stream, for `docker load` and `podman load`, which read it from their input. */
export async function streamDockerArchive(
  delivery: Delivery,
  take: TakeBytes,
  context: TransportContext,
): Promise<void> {
  const image = await imageFor(delivery, dockerNames(delivery, undefined), 'docker-archive');
  await writeArchive(await dockerMembers(image, context), take);
}

function dockerNames(delivery: Delivery, reference: string | undefined): readonly LayoutName[] {
  if (reference === undefined) return namesOf(delivery.references, undefined);
  const full = fullReference(reference);
  if (full !== undefined) return namesOf([full], undefined);
  throw new TransportError('transport/bad-reference', `${quoteText(reference)} is no image reference`, {
    help: 'write docker-archive:FILE:NAME:TAG',
  });
}

async function imageFor(
  delivery: Delivery,
  names: readonly LayoutName[],
  destination: string,
): Promise<ImageMembers> {
  if (isIndexType(delivery.root.mediaType)) {
    throw new TransportError('transport/one-platform', `${destination} can hold one platform only`, {
      help: 'choose one with --platform, or write an oci-archive',
    });
  }
  const descriptors = await walkImage(documentsOf(delivery.blobs), delivery.root);
  if (descriptors.some(({ mediaType }) => layerCompression(mediaType) === 'zstd')) {
    throw new TransportError(
      'transport/not-for-docker',
      `${destination} would hold a layer packed with zstd`,
      {
        help: 'docker load reads gzip and plain tar; build with compression: gzip, or write an oci-archive',
      },
    );
  }
  return { delivery, descriptors, names, destination };
}

async function dockerMembers(
  image: ImageMembers,
  context: TransportContext,
): Promise<readonly ArchiveFile[]> {
  const { root, blobs } = image.delivery;
  const { mediaType, digest } = root;
  const document = readManifest(await blobs.readAll(digest, documentLimit), { mediaType, place: digest });
  if (document.kind === 'index') return layoutMembers(image, context);
  const { config, layers } = document.manifest;
  const bytes = dockerManifestBytes({
    config: blobName(config.digest),
    layers: layers.map((layer) => blobName(layer.digest)),
    repoTags: image.names.flatMap(({ imageName }) => (imageName === undefined ? [] : [imageName])),
  });
  return [...layoutMembers(image, context), smallMember('manifest.json', bytes)];
}
