/** The tree of a `file:` layer: one file whose bytes stand in the recipe. */
import { fromBase64, toBase64 } from '../digest/base64.ts';
import { digestOf, digestOfValue } from '../digest/digest.ts';
import type { FileLayer } from '../recipe/recipe.ts';
import type { ImagePath } from '../tree/image-path.ts';
import type { SourceTree } from './snapshot.ts';

const name = 'file' as ImagePath;

/** The text as UTF-8, or the bytes behind the base64 (parseRecipe has checked it). */
export function inlineTree(layer: Pick<FileLayer, 'content' | 'encoding'>): SourceTree {
  const bytes =
    layer.encoding === 'base64'
      ? (fromBase64(layer.content) ?? new Uint8Array())
      : new TextEncoder().encode(layer.content);
  const tree = {
    entries: [
      {
        type: 'file',
        path: name,
        mode: 0o644,
        uid: 0,
        gid: 0,
        mtime: { seconds: 0 },
        size: bytes.length,
        digest: digestOf(bytes),
      },
    ],
  } as const;
  const contents = { [name]: { in: 'literal', base64: toBase64(bytes) } } as const;
  return { digest: digestOfValue(tree), tree, contents, single: true };
}
