/** What people call an action. Labels are for reading: they enter no key. */
import { formatPlatform } from '../oci/platform.ts';
import type { ImageRecipe, LayerRecipe, SingleLayer, Target } from '../recipe/recipe.ts';

/** `api (linux/arm64)` where an image has several platforms. */
export function imageLabel(target: Target, platforms: number): string {
  return platforms === 1
    ? `image ${target.image.name}`
    : `image ${target.image.name} (${formatPlatform(target.platform)})`;
}

export function baseLabel(from: string): string {
  return `base ${from}`;
}

/** The layer of `users` and `groups`: `users app, worker`. */
export function usersText({ users, groups }: Pick<ImageRecipe, 'users' | 'groups'>): string {
  return `users ${[...new Set([...Object.keys(users), ...Object.keys(groups)])].join(', ')}`;
}

/** What people call a layer: its name, or what it does. */
export function layerLabel(layer: LayerRecipe): string {
  return layer.name === undefined ? layerText(layer) : `${layer.name}${partText(layer)}`;
}

/** What a layer does, whatever it is called: this stands in the image's history. */
export function layerText(layer: LayerRecipe): string {
  if (layer.kind === 'group') return `group (${layer.items.map((item) => itemText(item)).join(', ')})`;
  return itemText(layer);
}

function itemText(item: SingleLayer): string {
  switch (item.kind) {
    case 'copy':
    case 'fetch':
    case 'archive':
      return `${item.kind} ${item.source}`;
    case 'image':
      return `image ${item.reference}`;
    case 'deb':
      return `deb ${item.names.join(' ')}`;
    case 'npm':
      return `${item.source === '.' ? 'npm' : `npm ${item.source}`}${partText(item)}`;
    case 'remove':
      return `remove ${item.paths.join(' ')}`;
    default:
      return `${item.kind} ${item.path}`;
  }
}

/** Which of the layers of a split it is; the last one holds what is the project's own. */
function partText(layer: LayerRecipe): string {
  if (layer.kind !== 'npm' || layer.split === undefined || layer.part === undefined) return '';
  return layer.part === layer.split ? ' project' : ` ${String(layer.part + 1)}/${String(layer.split)}`;
}
