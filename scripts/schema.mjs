/**
 * Generates schema/ from the code: draft-07, which every editor knows. Without --write it only compares, and ends with
 * 1 where a file is not what the code says.
 *
 *     node scripts/schema.mjs [--write]
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { importSource } from './import-source.mjs';

const onlyZstdGoesFurther = {
  if: { properties: { type: { const: 'gzip' } } },
  then: { properties: { level: { type: 'number', maximum: 9 } } },
};

const root = resolve(import.meta.dirname, '..');
const write = process.argv.includes('--write');

const { recipeShape, imageShape, layer, runtime, lockShape, lineShape, toJsonSchema } =
  await importSource(`
  export { recipeShape, imageShape } from './src/core/recipe/recipe-schema.ts';
  export { layer } from './src/core/recipe/shape/layer-shape.ts';
  export { runtime } from './src/core/recipe/shape/runtime-shape.ts';
  export { lockShape } from './src/core/recipe/lock/lock-shape.ts';
  export { lineShape } from './src/core/event/line-shape.ts';
  export { toJsonSchema } from '@valibot/to-json-schema';
`);

await schemaFile('recipe', schemaOf(recipeShape, { image: imageShape, layer, runtime }));
await schemaFile('lock', schemaOf(lockShape, {}));
// `readonly` is for the compiler alone.
await schemaFile('events', toJsonSchema(lineShape, { target: 'draft-07', ignoreActions: ['readonly'] }));

/**
 * @param {string} name
 * @param {object} schema
 */
async function schemaFile(name, schema) {
  const file = `schema/${name}.schema.json`;
  const text = `${JSON.stringify(schema, undefined, 2)}\n`;
  const found = await readFile(join(root, file), 'utf8').catch(() => undefined);
  if (write) {
    await mkdir(join(root, 'schema'), { recursive: true });
    await writeFile(join(root, file), text);
  } else if (found !== text) {
    process.stderr.write(`${file} is not what the code says: npm run generate\n`);
    process.exitCode = 1;
  }
}

/**
 * @param {unknown} shape
 * @param {Record<string, unknown>} named
 */
function schemaOf(shape, named) {
  const {
    $schema,
    $defs: definitions,
    ...schema
  } = toJsonSchema(shape, {
    target: 'draft-07',
    definitions: named,
    overrideSchema: refine,
    // `$defs` is the word of later drafts.
    overrideRef: (/** @type {{ referenceId: string }} */ { referenceId }) => `#/definitions/${referenceId}`,
  });
  return { $schema, ...schema, ...(definitions === undefined ? {} : { definitions }) };
}

/**
 * What valibot cannot say: keys that start with `x-` are the user's own, in every map of known keys; a `file` has its
 * content either as text or as base64; a level of more than 9 is one of zstd.
 * @param {import('@valibot/to-json-schema').OverrideSchemaContext} context
 */
function refine({ valibotSchema, jsonSchema }) {
  if (valibotSchema.type !== 'strict_object') return undefined;
  const schema = { ...jsonSchema, patternProperties: { '^x-': {} } };
  const properties = jsonSchema.properties ?? {};
  if ('base64' in properties)
    return { ...schema, oneOf: [{ required: ['content'] }, { required: ['base64'] }] };
  if ('level' in properties) return { ...schema, ...onlyZstdGoesFurther };
  return schema;
}
