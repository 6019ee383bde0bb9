/** An image to push and the context to push it in, for tests of the registry transport. */
import type { BuildEvent } from '../../src/core/event/build-event.ts';
import type { Descriptor } from '../../src/core/oci/descriptor.ts';
import { createMemoryStore } from '../../src/io/store/memory-store.ts';
import type { BlobStore } from '../../src/io/store/store.ts';
import type { RegistryContext, RegistryReference } from '../../src/io/transport/registry.ts';
import { type Harness, never } from './registry-harness.ts';
import { type TestImage, putTestImage, putTestIndex } from './test-image.ts';

export function contextOf(harness: Harness, events: BuildEvent[] = []): RegistryContext {
  return { registries: harness.client, emit: (event) => events.push(event), signal: never };
}

export function referenceTo(host: string, repository = 'team/app'): RegistryReference {
  return { transport: 'registry', registry: host, repository };
}

export interface Sample {
  readonly blobs: BlobStore;
  readonly root: Descriptor;
  readonly amd64: TestImage;
  readonly arm64: TestImage;
}

/** An index of two images that share a layer. */
export async function sample(): Promise<Sample> {
  const { blobs } = createMemoryStore();
  const amd64 = await putTestImage(blobs, ['shared layer', 'x'.repeat(2_000_000)]);
  const arm64 = await putTestImage(blobs, ['shared layer', 'arm64']);
  return { blobs, root: await putTestIndex(blobs, { amd64, arm64 }), amd64, arm64 };
}
