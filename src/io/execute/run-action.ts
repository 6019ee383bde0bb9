/** Does what one action says, and nothing else: its inputs are in the store or in the plan's trees. */
import { Bug } from '../../core/diagnostic/bug.ts';
import { assembleImage, assembleIndex, type ImageDocument } from '../../core/image/assemble-image.ts';
import type { Layer } from '../../core/image/image.ts';
import type {
  Action,
  CacheKey,
  FetchAction,
  ImageAction,
  IndexAction,
  LayerAction,
  PlanTrees,
} from '../../core/plan/plan.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { ContentSource } from '../../core/tree/file-tree.ts';
import { packLayer } from '../layer/pack.ts';
import type { Packer } from '../layer/packer.ts';
import type { ContentOpener } from '../source/open-content.ts';
import type { BlobStore } from '../store/store.ts';
import type { ActionResult } from './action-result.ts';
import { plannedEntries } from './planned-entries.ts';

export interface ActionContext {
  readonly blobs: BlobStore;
  readonly trees: PlanTrees;
  readonly contents: ContentOpener;
  readonly packer: Packer;
  /** Brings a base image's blobs into the store; gives everything below its manifest. */
  fetchBase(action: FetchAction, signal: AbortSignal): Promise<readonly Descriptor[]>;
  /** Results of the actions that ran before, by key. */
  resultOf(key: CacheKey): ActionResult | undefined;
  readonly signal: AbortSignal;
  /** Bytes so far, and of everything where that is known. */
  readonly onProgress: (done: number, total?: number) => void;
}

export async function runAction(action: Action, context: ActionContext): Promise<ActionResult> {
  switch (action.kind) {
    case 'fetch':
      return {
        kind: 'fetch',
        manifest: action.manifest,
        blobs: await context.fetchBase(action, context.signal),
      };
    case 'layer':
      return { kind: 'layer', layer: await makeLayer(action, context) };
    case 'image':
      return makeImage(action, context);
    case 'index':
      return makeIndex(action, context);
  }
}

async function makeLayer(action: LayerAction, context: ActionContext): Promise<Layer> {
  const writer = context.blobs.createWriter();
  const planned = plannedEntries(action, context.trees);
  try {
    const { mediaType, diffId } = await packLayer({
      ...planned,
      openContent: (entry, source) => {
        if (source === undefined) throw new Bug(`no content is known for ${entry.path}`);
        return context.contents.open(source, entry);
      },
      nameOf: (entry, source) => nameOfSource(source, entry.path),
      compression: action.compression,
      sink: writer,
      packer: context.packer,
      signal: context.signal,
      onProgress: (done) => {
        context.onProgress(done, planned.contentBytes);
      },
    });
    const { digest, size } = await writer.commit();
    return { descriptor: { mediaType, digest, size }, diffId };
  } catch (error) {
    writer.abort();
    throw error;
  }
}

/** What people know the source by: its place in the context, or the file that holds it. */
function nameOfSource(source: ContentSource | undefined, path: string): string {
  if (source?.in === 'context') return source.path;
  return source?.in === 'archive' ? `${source.path}: ${path}` : path;
}

async function makeImage(action: ImageAction, context: ActionContext): Promise<ActionResult> {
  const layers = action.layers.map((input) =>
    input.from === 'base' ? input.layer : layerOf(input.key, context),
  );
  const { image, config, manifest } = assembleImage({ ...action, layers });
  await putDocument(context.blobs, config);
  await putDocument(context.blobs, manifest);
  return { kind: 'image', image };
}

function layerOf(key: CacheKey, context: ActionContext): Layer {
  const result = context.resultOf(key);
  if (result?.kind !== 'layer') throw new Bug(`no layer under ${key}`);
  return result.layer;
}

async function makeIndex(action: IndexAction, context: ActionContext): Promise<ActionResult> {
  const images = action.images.map(({ key }) => {
    const result = context.resultOf(key);
    if (result?.kind !== 'image') throw new Bug(`no image under ${key}`);
    return result.image;
  });
  const index = assembleIndex(images, action);
  await putDocument(context.blobs, index);
  return { kind: 'index', index: index.descriptor, manifests: images.map((image) => image.manifest) };
}

async function putDocument(blobs: BlobStore, { bytes, descriptor }: ImageDocument): Promise<void> {
  await blobs.put(bytes, { digest: descriptor.digest, size: descriptor.size });
}
