/** Contexts, archives and images with each thing that can be wrong with them. */
import { execFileSync } from 'node:child_process';
import { lstatSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Bug } from '../../../src/core/diagnostic/bug.ts';
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { expandRecipe } from '../../../src/core/recipe/expand-recipe.ts';
import { parseRecipe } from '../../../src/core/recipe/parse-recipe.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import { readBase } from '../../../src/io/source/read-outside.ts';
import { noMachine } from '../../../src/io/source/machine.ts';
import { emptyStatIndex } from '../../../src/io/source/stat-index.ts';
import { takeSnapshot } from '../../../src/io/source/take-snapshot.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import type { ImageSource } from '../../../src/io/transport/transport.ts';
import { createContext, createReading, type Node } from '../../io/source/sample-context.ts';
import {
  type ImageParts,
  sampleImage,
  type SampleLayer,
  sampleLayer,
  tarOf,
} from '../../io/source/sample-image.ts';
import type { DiagnosticCase, Made } from '../diagnostic-case.ts';

type Nodes = Readonly<Record<string, Node>>;

/** Snapshots the recipe in the context; `image` is what any reference names. */
async function snapshot(context: string, lines: readonly string[], image?: ImageSource): Promise<Made> {
  const source = { name: 'oci.config.yaml', text: `${lines.join('\n')}\n` };
  const recipe = parseRecipe(source);
  const targets = recipe.ok ? expandRecipe(recipe.value, { args: {}, env: {} }) : recipe;
  if (!recipe.ok || !targets.ok) throw new Bug('the recipe of this case has a mistake before its own');
  const taken = await takeSnapshot(targets.value, {
    recipe: recipe.value,
    contextFolder: context,
    store: createMemoryStore(),
    openImage: () => (image === undefined ? Promise.reject(new Bug('no image')) : Promise.resolve(image)),
    download: () => Promise.reject(new Error('nothing is downloaded here')),
    machine: noMachine,
    statIndex: emptyStatIndex(),
    signal: new AbortController().signal,
  });
  return { diagnostics: taken.ok ? taken.warnings : taken.diagnostics, source };
}

const temporary = /\/[^\s`]*layerwright-source-\w+/g;
const scrub = (text: string): string =>
  text
    .replace(temporary, '/CONTEXT')
    .replace(/git says: .*/, 'git says: …')
    .replace(/\b[0-9a-f]{64}\b/g, 'DIGEST');

/** A recipe with this layer in a context of these files. */
function copied(code: DiagnosticCode, nodes: Nodes, ...layer: readonly string[]): DiagnosticCase {
  return prepared(code, () => createContext(nodes), ...layer);
}

function prepared(code: DiagnosticCode, prepare: () => string, ...layer: readonly string[]): DiagnosticCase {
  const lines = [
    'image: example.org/app',
    'layers:',
    ...layer.map((line, at) => `  ${at === 0 ? '- ' : '  '}${line}`),
  ];
  return { code, make: () => snapshot(prepare(), lines), scrub };
}

function archive(bytes: () => Buffer): () => string {
  return () => {
    const context = createContext({});
    writeFileSync(join(context, 'root.tar'), bytes());
    return context;
  };
}

function based(code: DiagnosticCode, parts: () => ImageParts, ...lines: readonly string[]): DiagnosticCase {
  const recipe = lines.length === 0 ? ['image: example.org/app', 'from: oci:base'] : lines;
  return { code, make: () => snapshot(createContext({}), recipe, sampleImage(parts())), scrub };
}

const fromImage = (from: string): string[] => [
  'image: example.org/app',
  'layers:',
  '  - image: oci:base',
  `    from: ${from}`,
];

function withFifo(nodes: Nodes, path: string): () => string {
  return () => {
    const context = createContext(nodes);
    execFileSync('mkfifo', [join(context, path)]);
    return context;
  };
}

/** A layer whose hardlink names a file that no layer has. */
function brokenLayer(): SampleLayer {
  const folder = createContext({ a: 'x' });
  execFileSync('ln', [join(folder, 'a'), join(folder, 'b')]);
  const file = join(createContext({}), 'x.tar');
  writeFileSync(file, tarOf(folder));
  execFileSync('tar', ['--delete', '-f', file, './a']);
  const tar = execFileSync('cat', [file]);
  return { bytes: gzipSync(tar), mediaType: mediaTypes.layerGzip, diffId: digestOf(tar) };
}

function vanishing(): Made {
  const context = createContext({ 'dist/log': 'x' });
  const stats = lstatSync(join(context, 'dist/log'), { bigint: true });
  unlinkSync(join(context, 'dist/log'));
  createReading(context).digester.digest('dist/log' as ImagePath, stats);
  return { diagnostics: [] };
}

/** An image reference that only a caller of the library can give: a recipe with it is refused before. */
async function reading(reference: string): Promise<Made> {
  const platform = { os: 'linux', architecture: 'amd64' };
  await readBase(createReading(createContext({})), { reference, platform });
  return { diagnostics: [] };
}

const many = Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`dist/${String(at)}/.env`, '']));
const smallLayer = () => sampleLayer({ 'usr/bin/node': 'x' });

export const sourceCases: readonly DiagnosticCase[] = [
  copied('source/missing', { 'dist/server.js': '' }, 'copy: dits', 'to: /app'),
  copied('source/leaves-context', { 'a/b': { link: '../../secret' } }, 'copy: a/b'),
  copied('source/link-loop', { a: { link: 'b' }, b: { link: 'a' } }, 'copy: a/x'),
  prepared(
    'source/absolute-link',
    () => {
      const context = createContext({ 'dist/file': '' });
      symlinkSync(join(context, 'dist/file'), join(context, 'dist/link'));
      return context;
    },
    'copy: dist',
  ),
  prepared('source/special-file', withFifo({ 'dist/file': '' }, 'dist/pipe'), 'copy: dist'),
  prepared('source/unreadable', withFifo({ 'dist/file': '' }, '.dockerignore'), 'copy: dist'),
  { code: 'source/changed', make: vanishing },
  copied('source/ignored', { '.dockerignore': '# output\ndist\n', 'dist/file': '' }, 'copy: dist'),
  copied('source/ignore-pattern', { '.dockerignore': 'dist/[a-\n', 'dist/file': '' }, 'copy: dist'),
  copied('source/nothing-matched', { 'dist/file': '' }, 'copy: dist', 'include: ["*.js"]'),
  copied('source/secret', { 'dist/.env': '' }, 'copy: dist'),
  copied(
    'source/secret-in-dependency',
    { 'node_modules/a/.npmrc': '', 'node_modules/b/.env': '' },
    'copy: node_modules',
  ),
  copied('source/more-of-the-same', many, 'copy: dist'),
  prepared(
    'source/archive-digest',
    archive(() => Buffer.alloc(10_240)),
    'archive: root.tar',
    `sha256: ${'0a'.repeat(32)}`,
  ),
  copied('source/archive-format', { 'root/a': '' }, 'archive: root'),
  prepared(
    'source/strip-collision',
    archive(() => tarOf(createContext({ 'a/x': '', 'b/x': '' }))),
    'archive: root.tar',
    'strip: 1',
  ),
  based('source/not-in-image', () => ({ layers: [smallLayer()] }), ...fromImage('/usr/bni')),
  based('source/broken-hardlink', () => ({ layers: [brokenLayer()] }), ...fromImage('/b')),
  { code: 'source/bad-reference', make: () => reading('scratch') },
  based('source/platform-missing', () => ({
    layers: [smallLayer()],
    platforms: [
      { os: 'linux', architecture: 'arm64' },
      { os: 'linux', architecture: 's390x' },
    ],
  })),
  based('source/bad-image', () => ({
    layers: [smallLayer()],
    config: { rootfs: { type: 'layers', diff_ids: [] } },
  })),
  based('source/layer-digest', () => ({
    layers: [
      { ...sampleLayer({ file: { mode: 0o644, text: 'x' } }), diffId: digestOf(Buffer.from('other')) },
    ],
  })),
  {
    code: 'source/no-commit',
    make: () => snapshot(createContext({}), ['image: example.org/app', 'created: commit']),
    scrub,
  },
];
