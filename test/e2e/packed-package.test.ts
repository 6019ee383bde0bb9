/** What npm would publish, laid out as npm would install it: the command starts, and each export can be imported. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { packPackage } from '../rigs/packed-package.ts';

const root = resolve(import.meta.dirname, '../..');
let folder: string;
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerwright-packed-'));
  installed = join(folder, 'node_modules/layerwright');
  const tarball = packPackage(folder);
  await mkdir(installed, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  for (const name of Object.keys(manifest.dependencies)) {
    await mkdir(join(folder, 'node_modules', name, '..'), { recursive: true });
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the command says its version and prints its schema', () => {
  const program = join(installed, manifest.bin.layerwright);
  expect(execFileSync(program, ['--version'], { encoding: 'utf8' })).toBe(`${manifest.version}\n`);
  const schema = JSON.parse(execFileSync(program, ['schema'], { encoding: 'utf8' })) as object;
  expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' });
});

test('the library, its part for the specifications and the schemas can be imported', () => {
  const script = `
    import { parseRecipe } from 'layerwright';
    import { parseReference } from 'layerwright/oci';
    import { createRequire } from 'node:module';
    const schema = createRequire(import.meta.url)('layerwright/schema/recipe.schema.json');
    console.log(typeof parseRecipe, typeof parseReference, schema.type);`;
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(text).toBe('function function object\n');
});

test('neither sources nor tests are packed', async () => {
  expect((await readdir(installed)).sort()).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'dist', 'package.json', 'schema']),
  );
  expect(await readdir(installed)).not.toContain('src');
  expect(await readdir(installed)).not.toContain('test');
});
