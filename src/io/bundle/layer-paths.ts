/** What one layer has put where, so that its whiteouts hide lower layers only. */
import { type ImagePath, parentPath, rootPath } from '../../core/tree/image-path.ts';
import type { WrittenPaths } from './lower-content.ts';

export class LayerPaths implements WrittenPaths {
  readonly #paths = new Map<ImagePath, 'own' | 'above'>([[rootPath, 'above']]);

  /** An entry stands at `path`, a path without links on the way. */
  add(path: ImagePath): void {
    this.#paths.set(path, 'own');
    for (let folder = parentPath(path); !this.#paths.has(folder); folder = parentPath(folder)) {
      this.#paths.set(folder, 'above');
    }
  }

  has(path: ImagePath): boolean {
    return this.#paths.has(path);
  }

  owns(path: ImagePath): boolean {
    return this.#paths.get(path) === 'own';
  }
}
