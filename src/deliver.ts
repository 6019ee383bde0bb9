/**
 * The last arrow: hands an image that stands in the store to the transport that a destination names. Relative paths
 * start at `folder`.
 */
import { resolve } from 'node:path';
import { assertNever } from './core/diagnostic/bug.ts';
import type { Diagnostic } from './core/diagnostic/diagnostic.ts';
import { Failure } from './core/diagnostic/failure.ts';
import type { Emit } from './core/event/build-event.ts';
import type { BuiltImage, Image } from './core/image/image.ts';
import { isIndexType } from './core/oci/media-type.ts';
import { formatPlatform } from './core/oci/platform.ts';
import { formatTransportReference, type TransportReference } from './core/recipe/transport-reference.ts';
import type { RuntimeRecipe } from './core/recipe/recipe.ts';
import { unpackRootfs } from './io/bundle/rootfs.ts';
import { type Caller, writeBundle } from './io/bundle/runtime-bundle.ts';
import { deliverToDockerArchive } from './io/transport/docker-archive.ts';
import { type Engine, loadIntoEngine } from './io/transport/engine.ts';
import { deliverToLayout } from './io/transport/layout.ts';
import { deliverToOciArchive } from './io/transport/oci-archive.ts';
import { deliverToRegistry, type RegistryContext } from './io/transport/registry.ts';
import type { Receipt, TransportContext } from './io/transport/transport.ts';
import type { BlobReader } from './io/store/store.ts';

export interface DeliverContext extends RegistryContext {
  readonly blobs: BlobReader;
  /** Absolute. */
  readonly folder: string;
  /** How a bundle is shaped; plain, for root, where absent. */
  readonly bundle?: BundleShape;
  /** Repositories that hold some of the image's layers, so that a registry can mount them in place of an upload. */
  readonly origins?: readonly RegistryRepository[];
  readonly onWarning: (warning: Diagnostic) => void;
}

export interface BundleShape {
  /** A recipe's `runtime:`. */
  readonly runtime: RuntimeRecipe;
  /** Where the mounts of `runtime` start that are relative paths; absolute. */
  readonly runtimeFolder: string;
  /** The user that a rootless bundle is for. */
  readonly rootless: Caller | undefined;
}

export interface RegistryRepository {
  readonly registry: string;
  readonly repository: string;
}

/** Digests never change on the way. Errors: the transport's own. */
export async function deliver(
  built: BuiltImage,
  destination: TransportReference,
  context: DeliverContext,
): Promise<Receipt> {
  const name = formatTransportReference(destination);
  context.emit({ type: 'delivery-started', destination: name });
  // Transports say where they write more precisely; events of one delivery have one name.
  const emit: Emit = (event) => {
    context.emit(event.type === 'delivery-progress' ? { ...event, destination: name } : event);
  };
  const receipt = await send(built, destination, { ...context, emit });
  const { digest, moved, present, bytes } = receipt;
  context.emit({ type: 'delivery-finished', destination: name, digest, moved, present, bytes });
  return receipt;
}

/**
 * Hands an image for one platform to the engine of this computer, under its references. Errors: those of
 * io/transport/engine.ts.
 */
export async function load(
  built: BuiltImage,
  engine: Engine,
  context: TransportContext & { readonly blobs: BlobReader },
): Promise<Receipt> {
  const { root, references } = built;
  const { blobs } = context;
  const destination = `${engine.program} load`;
  context.emit({ type: 'delivery-started', destination });
  let [moved, bytes] = [0, 0];
  const emit: Emit = (event) => {
    if (event.type !== 'delivery-progress') return;
    [moved, bytes] = [event.item === undefined ? moved : moved + 1, event.done];
    context.emit({ ...event, destination });
  };
  await loadIntoEngine({ root, references, blobs }, engine, { ...context, emit });
  const facts = { digest: root.digest, moved, present: 0, bytes };
  context.emit({ type: 'delivery-finished', destination, ...facts });
  return { destination: references[0] ?? destination, ...facts };
}

async function send(built: BuiltImage, to: TransportReference, context: DeliverContext): Promise<Receipt> {
  const delivery = { root: built.root, references: built.references, blobs: context.blobs };
  switch (to.transport) {
    case 'registry':
      return deliverToRegistry(
        { ...delivery, mountFrom: originIn(to, context.origins ?? []) },
        { reference: to, tags: [to.tag ?? 'latest'] },
        context,
      );
    case 'oci':
      return deliverToLayout(delivery, to, context);
    case 'oci-archive':
      return deliverToOciArchive(delivery, to, context);
    case 'docker-archive':
      return deliverToDockerArchive(delivery, to, context);
    case 'bundle':
      return unpack(built, to, context);
    case 'rootfs':
      return unpack(built, to, context);
    case 'store':
      return {
        destination: formatTransportReference(to),
        digest: built.root.digest,
        moved: 0,
        present: 1,
        bytes: 0,
      };
    default:
      return assertNever(to);
  }
}

/** A registry mounts from another repository of its own, and from one in a push. */
function originIn(to: RegistryRepository, origins: readonly RegistryRepository[]): string | undefined {
  const same = origins.find(
    ({ registry, repository }) => registry === to.registry && repository !== to.repository,
  );
  return same?.repository;
}

async function unpack(
  built: BuiltImage,
  to: Extract<TransportReference, { transport: 'bundle' | 'rootfs' }>,
  context: DeliverContext,
): Promise<Receipt> {
  const image = onlyImage(built, to);
  const { blobs, signal, folder } = context;
  const shape = context.bundle ?? { runtime: {}, runtimeFolder: folder, rootless: undefined };
  const destination = resolve(folder, to.path);
  const warnings =
    to.transport === 'rootfs'
      ? await unpackRootfs(image, blobs, { destination, signal })
      : await writeBundle(image, blobs, {
          destination,
          signal,
          ...shape,
        });
  warnings.forEach((warning) => {
    context.onWarning(warning);
  });
  const bytes = image.layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
  const { digest } = image.manifest;
  return { destination: formatTransportReference(to), digest, moved: image.layers.length, present: 0, bytes };
}

function onlyImage(built: BuiltImage, to: TransportReference): Image {
  const [image, ...more] = built.images;
  if (image !== undefined && more.length === 0) return image;
  if (image === undefined && !isIndexType(built.root.mediaType)) throw noImage(built, to);
  const platforms = built.images.map(({ platform }) => formatPlatform(platform)).join(', ');
  throw new Failure(
    'transport/one-platform',
    `${formatTransportReference(to)} holds one platform, and the image has ${platforms === '' ? 'several' : platforms}`,
    {
      help: 'choose one with --platform',
    },
  );
}

function noImage({ root }: BuiltImage, to: TransportReference): Failure {
  const place = formatTransportReference(to);
  return new Failure(
    'transport/not-an-image',
    `${place} is made of a container image, and ${root.digest} is an artifact`,
    {
      help: 'copy it to a layout, an oci-archive or a registry',
    },
  );
}
