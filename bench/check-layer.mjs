/**
 * Looks with GNU tar, and not with our own reader, whether a layer that we made holds the tree: the same names, and the
 * same bytes of all files. A fast build of something else is no figure.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesBelow } from './entries-below.mjs';
import { layersOf } from './layout-bytes.mjs';
import { untimed } from './timed.mjs';

/**
 * @param {string} layout of an image whose first layer holds node_modules
 * @param {string} tree the folder that holds node_modules
 */
export async function checkLayer(layout, tree) {
  const [layer] = layersOf(layout);
  if (layer === undefined) throw new Error('Bug: a layout without a layer');
  const kinds = kindsOf(tree);
  const names = await namesIn(layer.path);
  const strange = names.filter((name) => !kinds.has(name));
  if (strange.length > 0 || names.length !== kinds.size || new Set(names).size !== kinds.size)
    throw new Error(
      `the layer lists ${names.length} entries, the tree ${kinds.size}; not in the tree: ${strange.slice(0, 3).join(', ')}`,
    );
  const wanted = createHash('sha256');
  for (const name of names) if (kinds.get(name) === 'file') wanted.update(readFileSync(join(tree, name)));
  const found = await untimed({ script: 'tar -xOf "$1" | sha256sum', operands: [layer.path] });
  if (found.split(' ')[0] !== wanted.digest('hex'))
    throw new Error(`the files in ${layer.path} are not those of the tree`);
}

/** @param {string} tree */
function kindsOf(tree) {
  const below = [...entriesBelow(join(tree, 'node_modules'))];
  return new Map([
    ['node_modules', 'folder'],
    ...below.map(({ name, kind }) => /** @type {const} */ ([`node_modules/${name}`, kind])),
  ]);
}

/** @param {string} layer */
async function namesIn(layer) {
  const listing = await untimed({ script: 'tar --quoting-style=literal -tf "$1"', operands: [layer] });
  return listing
    .trimEnd()
    .split('\n')
    .map((name) => (name.endsWith('/') ? name.slice(0, -1) : name));
}
