/**
 * Joins pieces of the bundle that are loaded together anyway. esbuild cuts one piece for every set of entries that
 * share code, which makes dozens, and each costs Node more than half a millisecond to find and link.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * @typedef {object} Bundle
 * @property {string} root
 * @property {Map<string, import('esbuild').Metafile['outputs'][string]>} outputs by path, relative to root
 */

/**
 * What a piece loads, itself included, before its own code runs; paths relative to root.
 * @param {Bundle} bundle
 * @param {string} entry
 * @returns {Set<string>}
 */
export function loadedBy({ outputs }, entry) {
  const loaded = new Set([entry]);
  for (const file of loaded) {
    for (const { path, kind } of outputs.get(file)?.imports ?? []) {
      if (kind === 'import-statement' && outputs.has(path)) loaded.add(path);
    }
  }
  return loaded;
}

/**
 * Puts one file in the place of several of one folder, and has all others import from it; the several leave `outputs`.
 * @param {Bundle} bundle
 * @param {readonly string[]} pieces
 * @param {string} target beside the pieces, relative to root
 */
export async function mergeChunks(bundle, pieces, target) {
  const numbers = new Map(pieces.map((piece, number) => [basename(piece), number]));
  await writeMerged(bundle, pieces, target);
  for (const file of bundle.outputs.keys()) {
    if (!file.endsWith('.js') || pieces.includes(file)) continue;
    const path = join(bundle.root, file);
    const text = await readFile(path, 'utf8');
    const renamed = withImportsOf(text, numbers, basename(target));
    if (renamed !== text) await writeFile(path, renamed);
  }
  for (const piece of pieces) {
    await rm(join(bundle.root, piece));
    bundle.outputs.delete(piece);
  }
}

/**
 * @param {Bundle} bundle
 * @param {readonly string[]} pieces
 * @param {string} target
 */
async function writeMerged({ root, outputs }, pieces, target) {
  const exports = pieces.map((piece, number) => {
    const names = (outputs.get(piece)?.exports ?? []).map((name) => `${name} as ${exportName(number, name)}`);
    return `export { ${names.join(', ')} } from './${basename(piece)}';`;
  });
  const inside = new Set(pieces.map((piece) => resolve(root, piece)));
  const folder = dirname(join(root, target));
  await build({
    absWorkingDir: folder,
    stdin: { contents: exports.join('\n'), resolveDir: folder },
    outfile: join(root, target),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'warning',
    legalComments: 'none',
    banner: { js: sourcesOf({ root, outputs }, pieces) },
    plugins: [
      {
        name: 'leave the other pieces outside',
        setup: ({ onResolve }) => {
          onResolve({ filter: /./ }, ({ path, resolveDir }) =>
            inside.has(resolve(resolveDir, path)) ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
}

/**
 * Says which packages the file holds, as esbuild says it above each of their modules.
 * @param {Bundle} bundle
 * @param {readonly string[]} pieces
 */
function sourcesOf({ outputs }, pieces) {
  const inputs = pieces.flatMap((piece) => Object.keys(outputs.get(piece)?.inputs ?? {}));
  const packages = inputs.flatMap((input) => /^node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(input) ?? []);
  return [...new Set(packages)]
    .sort()
    .map((name) => `// ${name}`)
    .join('\n');
}

/** @param {number} number @param {string} name */
function exportName(number, name) {
  return `piece${number}_${name}`;
}

/**
 * esbuild writes `import {…} from "./NAME";` and `import "./NAME";`, and nothing else, between the pieces.
 * @param {string} text
 * @param {ReadonlyMap<string, number>} numbers
 * @param {string} target
 */
function withImportsOf(text, numbers, target) {
  return text.replace(
    /^import (?:\{([^}]*)\} from )?"(\.\/(?:command\/)?)([^"/]+)";$/gm,
    (/** @type {string} */ whole, /** @type {(string | undefined)[]} */ ...groups) => {
      const [list, folder = '', name = ''] = groups;
      const number = numbers.get(name);
      if (number === undefined) return whole;
      if (list === undefined) return `import "${folder}${target}";`;
      const names = list.split(',').map((/** @type {string} */ one) => {
        const [exported = '', local = exported] = one.trim().split(' as ');
        return `${exportName(number, exported)} as ${local}`;
      });
      return `import { ${names.join(', ')} } from "${folder}${target}";`;
    },
  );
}
