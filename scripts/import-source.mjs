/**
 * Our sources are TypeScript, which the oldest Node that we support cannot import: scripts that need them have them
 * bundled into a temporary file. It stands in the project, where a worker of ours is found by its name in package.json.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

/** Bundled CommonJS asks for Node's own modules by require, which ESM does not have. */
const requireBanner = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  'const require = createRequireOfBundle(import.meta.url);',
].join('\n');

/**
 * The exports of a module whose text is `contents`; its imports are relative to the project's root.
 * @param {string} contents
 */
export async function importSource(contents) {
  const folder = await mkdtemp(join(root, 'dist.source-'));
  try {
    const outfile = join(folder, 'source.mjs');
    await build({
      stdin: { contents, resolveDir: root, loader: 'ts' },
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile,
      // A binary of this machine, which no bundle can hold.
      external: ['@napi-rs/xattr'],
      banner: { js: requireBanner },
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
