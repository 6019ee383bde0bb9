/**
 * Builds an image from code: a recipe made here, a store in memory, an image layout as the result. What the command
 * does besides is finding the recipe, reading flags and painting.
 *
 *     node build-image.mjs [LAYOUT]      the folder `layout` beside this file unless it is named
 */
import { join, resolve } from 'node:path';
import {
  createMemoryStore,
  deliver,
  executeRecipe,
  formatDiagnostic,
  planRecipe,
  RegistryClient,
} from 'layerwright';

const layout = resolve(process.argv[2] ?? join(import.meta.dirname, 'layout'));
const greeting = 'Built by a program.\n';
const recipe = {
  image: 'localhost/as-a-library',
  from: 'scratch',
  platforms: ['linux/amd64', 'linux/arm64'],
  layers: [
    { file: '/etc/greeting', content: greeting },
    { copy: 'README.md', to: '/usr/share/doc/' },
  ],
};

// JSON is YAML, so the text of a recipe may come from anywhere.
const source = { name: 'recipe', text: JSON.stringify(recipe, undefined, 2) };

const context = {
  store: createMemoryStore(),
  registries: new RegistryClient(),
  signal: new AbortController().signal,
  /** Every event of the build is a plain value. */
  emit: (/** @type {import('layerwright').BuildEvent} */ event) => {
    if (event.type === 'action-finished') console.error(`made ${event.label}`);
  },
};

const plan = value(
  await planRecipe(
    {
      source,
      folder: import.meta.dirname,
      expansion: { args: {}, env: {} },
      epoch: 0,
    },
    context,
  ),
);
const { images } = value(await executeRecipe({ ...plan, jobs: 2, ignores: () => false }, context));

for (const image of images) {
  const receipt = await deliver(
    image,
    { transport: 'oci', path: layout, tag: 'latest' },
    {
      ...context,
      blobs: context.store.blobs,
      folder: import.meta.dirname,
      onWarning: (warning) => console.error(warning.message),
    },
  );
  console.log(receipt.digest);
}
await context.registries.close();

/**
 * What went well, or every problem at once.
 * @template T
 * @param {import('layerwright').Outcome<T>} outcome
 */
function value(outcome) {
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.diagnostics.map((one) => formatDiagnostic(one, source)).join('\n\n'));
}
