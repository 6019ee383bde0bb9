/**
 * Applies one layer to a tree (image-spec layer.md, Applying Changesets): entries in the order of the tar, the last of
 * two with one path wins, whiteouts hide what lower layers put there and nothing of this layer, in either order.
 * A file that an entry uses as its folder is replaced by a folder, as umoci 0.5 does. The diffID is verified when all is
 * applied: the caller throws a tree away that did not become what the image says.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { Layer } from '../../core/image/image.ts';
import { parseWhiteout, whiteoutPrefix } from '../../core/oci/whiteout.ts';
import { LayerError } from '../../core/tar/layer-error.ts';
import type { TarEntry, TarStep } from '../../core/tar/tar-entry.ts';
import { baseName, type ImagePath, joinPath, parentPath } from '../../core/tree/image-path.ts';
import type { LayerReading } from '../layer/layer-io.ts';
import { BundleError, refusedEntry, worldFailure } from './bundle-error.ts';
import { LayerPaths } from './layer-paths.ts';
import type { OpenFile } from './open-file.ts';
import type { SafeRoot } from './safe-root.ts';

export interface LayerContext {
  readonly layer: Layer;
  readonly signal: AbortSignal;
}

/**
 * Throws BundleError for what is refused or fails here (its message names the layer), StoreError for a bad blob.
 * The root is not finished: more layers may follow.
 */
export async function applyLayer(
  root: SafeRoot,
  reading: LayerReading,
  { layer, signal }: LayerContext,
): Promise<void> {
  try {
    const application = new LayerApplication(root);
    for await (const steps of reading.steps) {
      signal.throwIfAborted();
      for (const step of steps) application.take(step);
    }
    application.endOfContent();
    requireDiffId(layer, reading);
  } catch (error) {
    throw inLayer(layer, error);
  }
}

class LayerApplication {
  readonly #root: SafeRoot;
  readonly #written = new LayerPaths();
  #file: OpenFile | undefined;

  constructor(root: SafeRoot) {
    this.#root = root;
  }

  take(step: TarStep): void {
    switch (step.type) {
      case 'entry':
        this.endOfContent();
        this.#takeEntry(step.entry);
        break;
      case 'content':
        this.#file?.write(step.bytes);
        break;
      case 'end-of-content':
        this.endOfContent();
    }
  }

  endOfContent(): void {
    this.#file?.finish();
    this.#file = undefined;
  }

  #takeEntry(entry: TarEntry): void {
    try {
      if (!this.#takeWhiteout(entry.path)) this.#written.add(this.#make(entry));
    } catch (error) {
      throw worldFailure(error, `unpacking ${quoteText(entry.path)}`);
    }
  }

  /** False where the name is no whiteout's. Only the name decides: its type and content say nothing. */
  #takeWhiteout(path: ImagePath): boolean {
    if (!path.includes(whiteoutPrefix)) return false;
    const folder = parentPath(path);
    if (folder.split('/').some((name) => name.startsWith(whiteoutPrefix))) {
      throw refusedEntry(path, 'a whiteout is used as a folder');
    }
    const whiteout = parseWhiteout(baseName(path));
    switch (whiteout.kind) {
      case 'none':
        return false;
      case 'invalid':
        throw refusedEntry(path, 'a whiteout that names no entry');
      case 'opaque':
        this.#root.removeContent(folder, this.#written);
        return true;
      case 'removed':
        this.#root.remove(joinPath(folder, whiteout.name as ImagePath), this.#written);
        return true;
    }
  }

  #make(entry: TarEntry): ImagePath {
    switch (entry.type) {
      case 'file': {
        const { path, file } = this.#root.makeFile(entry.path, entry);
        this.#file = file;
        return path;
      }
      case 'directory':
        return this.#root.makeFolder(entry.path, entry);
      case 'symlink':
        return this.#root.makeSymlink(entry.path, entry.target, entry);
      case 'hardlink':
        return this.#root.makeHardlink(entry.path, entry.target);
      case 'fifo':
        return this.#root.makeSpecial({ ...entry, type: 'fifo' });
      case 'block-device':
      case 'character-device':
        return this.#root.makeSpecial(entry);
    }
  }
}

function requireDiffId(layer: Layer, reading: LayerReading): void {
  const found = reading.diffId();
  if (found === layer.diffId) return;
  throw new BundleError(
    'bundle/wrong-layer',
    `its diffID is ${found}, and the image config says ${layer.diffId}`,
    {
      help: 'the image is damaged or was made wrongly; get it again or build it again',
    },
  );
}

/** The layer's digest in front of what was found in it. */
function inLayer({ descriptor }: Layer, error: unknown): unknown {
  const failure = worldFailure(error, 'unpacking');
  if (!(failure instanceof BundleError) && !(failure instanceof LayerError)) return failure;
  return new BundleError(failure.code, `layer ${descriptor.digest}: ${failure.message}`, {
    ...(failure.help === undefined ? {} : { help: failure.help }),
    cause: failure,
  });
}
