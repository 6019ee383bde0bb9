/**
 * Whiteouts (image-spec layer.md, Whiteouts): an empty file `.wh.NAME` removes NAME of the layers below, and
 * `.wh..wh..opq` hides all that the layers below have in its folder. Only the name decides, whatever the entry's type.
 */

export type Whiteout =
  | { readonly kind: 'none' }
  | { readonly kind: 'removed'; readonly name: string }
  | { readonly kind: 'opaque' }
  | { readonly kind: 'invalid' };

export const whiteoutPrefix = '.wh.';
export const opaqueWhiteout = '.wh..wh..opq';

/** What the last component of a layer entry's path says. Invalid is what would remove no name, `.`, `..` or a path. */
export function parseWhiteout(baseName: string): Whiteout {
  if (!baseName.startsWith(whiteoutPrefix)) return { kind: 'none' };
  if (baseName === opaqueWhiteout) return { kind: 'opaque' };
  const name = baseName.slice(whiteoutPrefix.length);
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) return { kind: 'invalid' };
  return { kind: 'removed', name };
}

/** The name of the whiteout for `name`. */
export function whiteoutName(name: string): string {
  return `${whiteoutPrefix}${name}`;
}
