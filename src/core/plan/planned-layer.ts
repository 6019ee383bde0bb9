/** A layer before and after it was planned. */
import type { Digest } from '../digest/digest.ts';
import type { Compression, LayerRecipe } from '../recipe/recipe.ts';
import type { SourcedTree } from '../tree/file-tree.ts';
import type { Accounts } from './account.ts';
import type { FolderView } from './folder-view.ts';
import type { LayerAction } from './plan.ts';

export interface PlannedLayer {
  readonly action: LayerAction;
  /** The image's folders and accounts with this layer on top. */
  readonly view: FolderView;
  readonly accounts: Accounts;
  readonly trees: ReadonlyMap<Digest, SourcedTree>;
}

export interface LayerToPlan {
  readonly layer: LayerRecipe;
  readonly label: string;
  /** The image's, where the layer names none of its own. */
  readonly compression: Compression;
}
