/**
 * An image of a docker-archive that is no image layout, as docker before 25, podman and skopeo write it. A manifest is
 * made for it: the config keeps its bytes and digest; layers are named by the digest of the bytes that the archive
 * holds, which for the usual plain tar is the diffID that the config gives, verified when the layer is stored.
 */
import { canonicalBytes } from '../../core/digest/canonical-json.ts';
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { mediaTypes } from '../../core/oci/media-type.ts';
import { createHasher, nativeDigestOf } from '../store/native-hasher.ts';
import { type DockerImage, fullReference } from './docker-manifest.ts';
import { badDocument, documentLimit, readConfig } from './image-document.ts';
import { fileMissing, type LayoutFiles, readSmallFile } from './layout-files.ts';
import type { ImageSource } from './transport.ts';

/** Throws TransportError `transport/bad-document`, `transport/blob-missing`. */
export async function openDockerImage(files: LayoutFiles, image: DockerImage): Promise<ImageSource> {
  const config = await readSmallFile(files, image.config, documentLimit);
  if (config === undefined) throw fileMissing(image.config, files.place);
  const place = `${image.config} of ${files.place}`;
  const diffIds = readConfig(config, place).rootfs.diff_ids;
  if (diffIds.length !== image.layers.length) {
    const counts = `${String(diffIds.length)} diffIDs and ${String(image.layers.length)} layers`;
    throw badDocument(place, `it has ${counts} in manifest.json`);
  }
  const members = new Map<Digest, string>();
  const layers: Descriptor[] = [];
  for (const [at, diffId] of diffIds.entries()) {
    const name = image.layers[at] ?? '';
    const layer = await describeLayer(files, { name, diffId });
    layers.push(layer);
    members.set(layer.digest, name);
  }
  const configDescriptor = describe(mediaTypes.config, config);
  const manifest = canonicalBytes({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: configDescriptor,
    layers,
  });
  const root = describe(mediaTypes.manifest, manifest);
  const documents = new Map([
    [root.digest, manifest],
    [configDescriptor.digest, config],
  ]);
  const references = image.repoTags.flatMap((tag) => fullReference(tag) ?? []);
  return dockerSource(files, { root, references, documents, members });
}

function describe(mediaType: string, bytes: Uint8Array): Descriptor {
  return { mediaType, digest: nativeDigestOf(bytes), size: bytes.byteLength };
}

async function describeLayer(
  files: LayoutFiles,
  layer: { readonly name: string; readonly diffId: Digest },
): Promise<Descriptor> {
  const { name, diffId } = layer;
  const size = await files.size(name);
  if (size === undefined) throw fileMissing(name, files.place);
  const mediaType = await layerType(files, name);
  const digest = mediaType === mediaTypes.layer ? diffId : await digestOfFile(files, name);
  return { mediaType, digest, size };
}

/** By magic number (RFC 1952, 2.3.1; RFC 8878, 3.1.1): nothing in the archive says how a layer is packed. */
async function layerType(files: LayoutFiles, name: string): Promise<string> {
  for await (const chunk of files.read(name)) {
    const magic = Buffer.from(chunk.subarray(0, 4)).toString('hex');
    if (magic.startsWith('1f8b')) return mediaTypes.layerGzip;
    if (magic === '28b52ffd') return mediaTypes.layerZstd;
    break;
  }
  return mediaTypes.layer;
}

async function digestOfFile(files: LayoutFiles, name: string): Promise<Digest> {
  const hasher = createHasher();
  for await (const chunk of files.read(name)) hasher.update(chunk);
  return hasher.digest();
}

function dockerSource(
  files: LayoutFiles,
  image: {
    readonly root: Descriptor;
    readonly references: readonly string[];
    readonly documents: ReadonlyMap<Digest, Uint8Array>;
    readonly members: ReadonlyMap<Digest, string>;
  },
): ImageSource {
  const { root, references, documents, members } = image;
  return {
    root,
    pinned: files.place,
    references,
    readDocument: async ({ digest }) => {
      const bytes = documents.get(digest);
      if (bytes === undefined) throw fileMissing(digest, files.place);
      return Promise.resolve(bytes);
    },
    openBlob: ({ digest }) => {
      const bytes = documents.get(digest);
      if (bytes !== undefined) return once(bytes);
      const name = members.get(digest);
      if (name === undefined) throw fileMissing(digest, files.place);
      return files.read(name);
    },
    close: () => files.close(),
  };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}
