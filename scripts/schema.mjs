/**
 * Generates schema/ from the code: draft-07, which every editor knows. Without --write it only compares, and ends with
 * 1 where a file is not what the code says.
 *
 *     node scripts/schema.mjs [--write]
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const write = process.argv.includes('--write');

const text = `${JSON.stringify(await generate(), undefined, 2)}\n`;
const file = 'schema/recipe.schema.json';
const found = await readFile(join(root, file), 'utf8').catch(() => undefined);

if (write) {
  await mkdir(join(root, 'schema'), { recursive: true });
  await writeFile(join(root, file), text);
} else if (found !== text) {
  process.stderr.write(`${file} is not what the code says: npm run schema\n`);
  process.exitCode = 1;
}

async function generate() {
  const { recipeShape, imageShape, layer, runtime, toJsonSchema } = await load(`
    export { recipeShape, imageShape } from './src/core/recipe/recipe-schema.ts';
    export { layer } from './src/core/recipe/shape/layer-shape.ts';
    export { runtime } from './src/core/recipe/shape/runtime-shape.ts';
    export { toJsonSchema } from '@valibot/to-json-schema';
  `);
  const {
    $schema,
    $defs: definitions,
    ...schema
  } = toJsonSchema(recipeShape, {
    target: 'draft-07',
    definitions: { image: imageShape, layer, runtime },
    overrideSchema: allowFreeKeys,
    // `$defs` is the word of later drafts.
    overrideRef: (/** @type {{ referenceId: string }} */ { referenceId }) => `#/definitions/${referenceId}`,
  });
  return { $schema, ...schema, definitions };
}

/**
 * Keys that start with `x-` are the user's own, in every map of known keys.
 * @param {import('@valibot/to-json-schema').OverrideSchemaContext} context
 */
function allowFreeKeys({ valibotSchema, jsonSchema }) {
  return valibotSchema.type === 'strict_object'
    ? { ...jsonSchema, patternProperties: { '^x-': {} } }
    : undefined;
}

/**
 * Our sources are TypeScript, which the oldest Node that we support cannot import: they are bundled in memory.
 * @param {string} contents
 */
async function load(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const [{ text: code } = { text: '' }] = outputFiles;
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}
