/** What a layer's `owner`, `mode`, `dirMode`, `mtime` and `xattrs` override; an item of a group inherits its group's. */
import { joinPointer, type RecipePath } from '../diagnostic/source-text.ts';
import type { LayerRecipe, SingleLayer } from '../recipe/recipe.ts';
import type { Timestamp } from '../tree/file-tree.ts';
import { type Accounts, resolveOwner } from './account.ts';
import type { MetadataRules } from './plan.ts';
import type { Planning } from './planning.ts';

/** Undefined where a problem was added instead. */
export function metadataRules(
  planning: Planning,
  asked: { readonly layer: LayerRecipe; readonly item: SingleLayer; readonly accounts: Accounts },
): MetadataRules | undefined {
  const { layer, item, accounts } = asked;
  const written = { ...inheritedRules(layer, item), ...definedRules(item) };
  const owner =
    written.owner === undefined
      ? {}
      : resolveOwner(planning, { at: ownerPlace(layer, item), written: written.owner, accounts });
  if (owner === undefined) return undefined;
  const { mode, dirMode, xattrs } = written;
  return {
    ...owner,
    ...(mode === undefined ? {} : { mode }),
    ...(dirMode === undefined ? {} : { dirMode }),
    ...(written.mtime === undefined ? {} : { mtime: timestampOf(written.mtime, planning.settings.epoch) }),
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}

function ownerPlace(layer: LayerRecipe, item: SingleLayer): RecipePath {
  return joinPointer((item.owner === undefined ? layer : item).at, 'owner');
}

/** `mode` and `xattrs` of a group are its files'; a `dir` has only its own. */
function inheritedRules(layer: LayerRecipe, item: SingleLayer): WrittenRules {
  const { mode, xattrs, ...shared } = definedRules(layer);
  if (item.kind === 'dir') return shared;
  return { ...shared, ...(mode === undefined ? {} : { mode }), ...(xattrs === undefined ? {} : { xattrs }) };
}

type WrittenRules = Pick<LayerRecipe, 'owner' | 'mode' | 'dirMode' | 'mtime' | 'xattrs'>;

function definedRules(layer: LayerRecipe): WrittenRules {
  const { owner, mode, dirMode, mtime, xattrs } = layer;
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(mode === undefined ? {} : { mode }),
    ...(dirMode === undefined ? {} : { dirMode }),
    ...(mtime === undefined ? {} : { mtime }),
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}

function timestampOf(mtime: 'epoch' | Timestamp, epoch: number): Timestamp {
  return mtime === 'epoch' ? { seconds: epoch } : mtime;
}
