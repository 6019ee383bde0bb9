import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiagnosticsError, Failure } from '../../src/core/diagnostic/failure.ts';
import { parseRecipe } from '../../src/core/recipe/parse-recipe.ts';
import { findConfig } from '../../src/cli/find-config.ts';

let top: string;

beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'find-config-'));
  await mkdir(join(top, '.git'));
});

afterEach(() => rm(top, { recursive: true }));

async function put(name: string, text: string | Uint8Array): Promise<string> {
  const path = join(top, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

function find(file?: string, cwd = top, stdin: Readable = Readable.from([])) {
  return findConfig({ cwd, file, stdin });
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error: unknown = await promise.then(
    () => undefined,
    (problem: unknown) => problem,
  );
  if (error instanceof Failure) return error;
  throw new Error(`expected a Failure, got ${String(error)}`);
}

const names = [
  'oci.config.yaml',
  'oci.config.yml',
  'oci.config.json',
  '.config/oci.yaml',
  '.config/oci.yml',
  '.config/oci.json',
  '.ocirc',
  '.ocirc.yaml',
  '.ocirc.yml',
  '.ocirc.json',
];

describe('findConfig searching', () => {
  it.each(names)('finds %s, relative to the folder that holds it or its .config', async (name) => {
    await put(name, '{"from": "scratch"}');
    const found = await find();
    expect(found.source).toEqual({ name, text: '{"from": "scratch"}' });
    expect(found.folder).toBe(top);
  });

  it('finds the key oci of a package.json and keeps its places', async () => {
    await put('package.json', '{\n\t"name": "x",\n\t"oci": {\n\t\t"platfroms": ["linux/amd64"]\n\t}\n}\n');
    const found = await find();
    expect(found.source.root).toBe('/oci');
    const parsed = parseRecipe(found.source);
    expect(parsed.ok ? [] : parsed.diagnostics).toMatchObject([
      { code: 'recipe/unknown-key', place: { file: 'package.json', line: 4, column: 3 } },
    ]);
  });

  it('passes over a package.json without the key', async () => {
    await put('package.json', '{"name": "x"}');
    expect((await failureOf(find())).code).toBe('command/no-recipe');
  });

  it('lets the parser tell what is wrong with a broken package.json that speaks of oci', async () => {
    await put('package.json', '{"oci": {]');
    const found = await find();
    expect(parseRecipe(found.source).ok).toBe(false);
  });

  it('names both of two in one folder', async () => {
    await put('oci.config.yaml', 'from: scratch');
    await put('.ocirc', 'from: scratch');
    const failure = await failureOf(find());
    expect(failure.code).toBe('command/several-recipes');
    expect(failure.message).toBe('oci.config.yaml and .ocirc are both recipes');
  });

  it('takes an empty file for a recipe, so that two are told apart from one', async () => {
    await put('oci.config.yaml', '');
    expect((await find()).source.text).toBe('');
  });

  it('climbs to the first folder with .git, and no further', async () => {
    await put('oci.config.yaml', 'from: scratch');
    await mkdir(join(top, 'a/b'), { recursive: true });
    expect((await find(undefined, join(top, 'a/b'))).source.name).toBe('../../oci.config.yaml');
    await put('a/.git', 'gitdir: elsewhere');
    const failure = await failureOf(find(undefined, join(top, 'a/b')));
    expect(failure.code).toBe('command/no-recipe');
    expect(failure.help).toContain('package.json#oci');
  });

  it('prefers the nearest folder', async () => {
    await put('oci.config.yaml', 'from: scratch');
    await put('a/.ocirc', 'from: node');
    expect((await find(undefined, join(top, 'a'))).source.text).toBe('from: node');
  });

  it('never runs code, and does not take code for a recipe', async () => {
    const code = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(join(top, 'ran'))}, '');`;
    for (const name of [
      'oci.config.mjs',
      'oci.config.js',
      '.ocirc.js',
      '.config/oci.mjs',
      '.config/config.mjs',
    ]) {
      await put(name, code);
    }
    await put('package.json', '{"type": "module", "cosmiconfig": {"searchPlaces": ["evil.yaml"]}}');
    // The working folder of the process is where cosmiconfig would look for a configuration of its own.
    const script = `
      import { findConfig } from ${JSON.stringify(join(process.cwd(), 'src/cli/find-config.ts'))};
      import { Readable } from 'node:stream';
      const found = await findConfig({ cwd: process.cwd(), stdin: Readable.from([]) }).catch((e) => e.code);
      console.log(JSON.stringify(found));
    `;
    const bundle = join(top, 'out', 'find.mjs');
    const { build } = await import('esbuild');
    await build({
      stdin: { contents: script, resolveDir: process.cwd() },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: bundle,
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      logLevel: 'error',
    });
    const { stdout } = await promisify(execFile)(process.execPath, [bundle], { cwd: top });
    expect(stdout.trim()).toBe('"command/no-recipe"');
    expect(await readdir(top)).not.toContain('ran');
  });
});

describe('findConfig with -f', () => {
  it('reads the file that is named, whatever it is called', async () => {
    await put('deploy/image.txt', 'from: scratch');
    const found = await find('deploy/image.txt');
    expect(found.source).toEqual({ name: 'deploy/image.txt', text: 'from: scratch' });
    expect(found.folder).toBe(join(top, 'deploy'));
  });

  it('reads stdin for -', async () => {
    const found = await find('-', top, Readable.from([Buffer.from('from: scr'), Buffer.from('atch')]));
    expect(found).toEqual({ source: { name: '<stdin>', text: 'from: scratch' }, folder: top });
  });

  it('takes the key oci of a package.json', async () => {
    await put('package.json', '{"oci": {}}');
    expect((await find('package.json')).source.root).toBe('/oci');
  });

  it('runs a module and takes its default export as JSON', async () => {
    await put('oci.config.mjs', "export default { from: 'scratch', cmd: ['a'] };");
    const found = await find('oci.config.mjs');
    expect(JSON.parse(found.source.text)).toEqual({ from: 'scratch', cmd: ['a'] });
    expect(found.folder).toBe(top);
  });

  it.each([
    ["throw new Error('no\\u001b luck');", 'no\\x1b luck'],
    ['export default 5;', 'is no recipe'],
    ['const a = {}; a.a = a; export default a;', 'is no recipe'],
  ])('says what is wrong with the module %j', async (code, words) => {
    await put('bad.mjs', code);
    const failure = await failureOf(find('bad.mjs'));
    expect(failure.code).toBe('command/recipe-code');
    expect(failure.message).toContain(words);
  });

  it('says that there is no such file', async () => {
    const failure = await failureOf(find('nowhere.yaml'));
    expect(failure.code).toBe('command/no-recipe');
    expect(failure.message).toBe('there is no file nowhere.yaml');
  });

  it('says that a folder cannot be read', async () => {
    expect((await failureOf(find('.git'))).code).toBe('command/unreadable-file');
  });

  it.each([
    {
      what: 'UTF-16',
      bytes: Buffer.from('\ufefffrom: x', 'utf16le'),
      message: 'the text is UTF-16',
      line: 1,
    },
    {
      what: 'a stray byte',
      bytes: Buffer.from([0x61, 0x3a, 0x0a, 0xff]),
      message: 'the text holds a byte that is not UTF-8',
      line: 2,
    },
  ])('refuses $what with its place', async ({ bytes, message, line }) => {
    await put('r.yaml', bytes);
    const error: unknown = await find('r.yaml').catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(DiagnosticsError);
    expect(error).toMatchObject({ diagnostics: [{ code: 'recipe/encoding', message, place: { line } }] });
  });

  it('refuses a file of 100 MB within a second', async () => {
    await put('big.yaml', new Uint8Array(100_000_000).fill(0x61));
    const began = performance.now();
    const error: unknown = await find('big.yaml').catch((problem: unknown) => problem);
    expect(error).toMatchObject({ diagnostics: [{ code: 'recipe/too-large' }] });
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe('findConfig with -f FILE.ts', () => {
  it('runs it where Node strips types, else names the cure', async () => {
    await put('oci.config.ts', "const from: string = 'scratch';\nexport default { from };");
    if ('typescript' in process.features && process.features.typescript !== false) {
      expect(JSON.parse((await find('oci.config.ts')).source.text)).toEqual({ from: 'scratch' });
      return;
    }
    const failure = await failureOf(find('oci.config.ts'));
    expect(failure.code).toBe('command/types-not-stripped');
    expect(failure.help).toBe('use Node 22.18 or later, or write it as .mjs or as YAML');
  });
});
