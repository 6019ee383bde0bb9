/** Opens what any reference names, by its transport. Relative paths start at `folder`. */
import { resolve } from 'node:path';
import { assertNever } from '../../core/diagnostic/bug.ts';
import type { BaseReference } from '../../core/recipe/transport-reference.ts';
import type { BlobStore } from '../store/store.ts';
import { openDockerArchive } from './docker-archive.ts';
import { openLayout } from './layout.ts';
import { openOciArchive } from './oci-archive.ts';
import { openPinnedImage } from './pinned-image.ts';
import { openRegistryImage, type RegistryContext } from './registry.ts';
import { openStored } from './stored.ts';
import type { ImageSource } from './transport.ts';

export type ReadableReference = Exclude<BaseReference, { transport: 'scratch' | 'image' }>;

export interface OpenContext extends RegistryContext {
  /** Absolute. */
  readonly folder: string;
  readonly blobs: BlobStore;
}

/** As openImage, but what a registry has been asked for once is read from the store from then on (pinned-image.ts). */
export function openThroughStore(reference: ReadableReference, context: OpenContext): Promise<ImageSource> {
  return reference.transport === 'registry'
    ? openPinnedImage(reference, context)
    : openImage(reference, context);
}

export function openImage(reference: ReadableReference, context: OpenContext): Promise<ImageSource> {
  switch (reference.transport) {
    case 'registry':
      return openRegistryImage(reference, context);
    case 'oci':
      return openLayout({ ...reference, path: resolve(context.folder, reference.path) });
    case 'oci-archive':
      return openOciArchive({ ...reference, path: resolve(context.folder, reference.path) });
    case 'docker-archive':
      return openDockerArchive({ ...reference, path: resolve(context.folder, reference.path) });
    case 'store':
      return openStored(reference.digest, context.blobs);
    default:
      return assertNever(reference);
  }
}
