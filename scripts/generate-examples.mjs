/**
 * Generates src/cli/diagnostic-examples.json, what `explain CODE` shows of a code: the text that test/diagnostics holds,
 * which the code itself printed. Without --write it only compares, and ends with 1 where the file is not what they say.
 *
 *     node scripts/generate-examples.mjs [--write]
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { importSource } from './import-source.mjs';

const root = resolve(import.meta.dirname, '..');
const file = join(root, 'src/cli/diagnostic-examples.json');
const golden = join(root, 'test/diagnostics/golden');

const { catalogue } = await importSource(`
  export { catalogue } from './src/core/diagnostic/catalogue.ts';
`);

const wanted = await format(JSON.stringify(Object.fromEntries(await readExamples())), {
  ...(await resolveConfig(file)),
  parser: 'json',
});
const found = await readFile(file, 'utf8').catch(() => undefined);
if (process.argv.includes('--write')) await writeFile(file, wanted);
else if (found !== wanted) {
  process.stderr.write('src/cli/diagnostic-examples.json is not what the goldens say: npm run generate\n');
  process.exitCode = 1;
}

/** @returns {Promise<[code: string, text: string][]>} those of the catalogue, in its order */
async function readExamples() {
  const known = new Set(await goldenNames());
  const codes = Object.keys(catalogue).filter((code) => known.has(`${code}.txt`));
  return Promise.all(
    codes.map(async (code) => [code, (await readFile(join(golden, `${code}.txt`), 'utf8')).trimEnd()]),
  );
}

async function goldenNames() {
  const names = await readdir(golden, { recursive: true });
  return names.map((name) => name.replaceAll('\\', '/'));
}
