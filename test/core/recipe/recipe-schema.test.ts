import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { placesOf, problemsOf } from './read-recipe.ts';

const root = new URL('../../../', import.meta.url);

function textOf(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

const schema = JSON.parse(textOf('schema/recipe.schema.json')) as object;
const accepts = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);

/** What an editor says of the text, which knows the schema and nothing else. */
function editorAccepts(text: string): boolean {
  return accepts(parse(text, { version: '1.2', schema: 'core', uniqueKeys: false, logLevel: 'silent' }));
}

function weAccept(text: string): boolean {
  return problemsOf(text).every(({ severity }) => severity !== 'error');
}

const examples = readdirSync(new URL('examples', root))
  .map((name) => `examples/${name}/oci.config.yaml`)
  .concat('oci.config.example.yaml');

const layer = (text: string) => `layers: [{ ${text} }]`;

describe('schema/recipe.schema.json', () => {
  it('is what the generator gives', () => {
    execFileSync(process.execPath, ['scripts/schema.mjs'], { cwd: root });
  });

  it('is draft-07, which every editor knows', () => {
    expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' });
    expect(new Ajv().validateSchema(schema)).toBe(true);
  });

  it('says of every key what it means', () => {
    const silent: string[] = [];
    const visit = (at: string, value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, child] of Object.entries(value as Record<string, unknown>)) {
        if (at.endsWith('/properties') && !hasWords(child)) silent.push(`${at}/${key}`);
        // A condition repeats keys; what they mean stands where they are declared.
        if (key !== 'if' && key !== 'then') visit(`${at}/${key}`, child);
      }
    };
    visit('', schema);
    expect(silent).toEqual([]);
  });

  it.each(examples.filter((path) => hasFile(path)))('accepts %s, as we do', (path) => {
    expect([editorAccepts(textOf(path)), weAccept(textOf(path))]).toEqual([true, true]);
  });

  it.each([
    '{}',
    'tags: [1.10, latest]',
    'env: { PORT: 8080 }',
    'ports: [8080, 53/udp]',
    'x-anything: [1, { a: b }]',
    'runtime: { x-note: 1, ulimits: { nofile: 5, nproc: { soft: 1, hard: 2 } } }',
    'healthcheck: { test: curl localhost, interval: 5s }',
    'images: { a: {}, b: { from: "image:a" } }',
    layer('copy: a, x-note: 1'),
    layer('file: a, content: ""'),
    layer('file: a, base64: ""'),
    layer('remove: a'),
    layer('image: busybox, from: [/a, /b]'),
    layer('group: [{ copy: a }, { dir: b }]'),
    layer('copy: a, mtime: 5'),
    layer('copy: a, mtime: epoch, mode: "4755"'),
  ])('accepts %s, as we do', (text) => {
    expect([editorAccepts(text), weAccept(text)]).toEqual([true, true]);
  });

  it.each([
    'platfroms: [linux/amd64]',
    '[]',
    'text',
    '5',
    'from:',
    'from: 5',
    'from: [a]',
    'tags: latest',
    'tags: [true]',
    'tags: [[a]]',
    'env: [A=b]',
    'env: { A: true }',
    'env: { A: }',
    'labels: { a: [b] }',
    'cmd: node server.js',
    'entrypoint: [1]',
    'platforms: []',
    'platforms: linux/amd64',
    'format: v1',
    'users: []',
    'created: 5',
    'ports: 8080',
    'stopSignal: [a]',
    'healthcheck: { retries: -1 }',
    'healthcheck: { interval: 5 }',
    'healthcheck: { test: [] }',
    'compression: lz4',
    'compression: 6',
    'compression: [gzip]',
    'compression: { level: 5 }',
    'compression: { type: lz4 }',
    'compression: { type: zstd, level: 20 }',
    'compression: { type: zstd, level: 0 }',
    'compression: { type: zstd, level: 3.5 }',
    layer('copy: a, compression: { type: gzip, level: 10 }'),
    'compression: { type: gzip, level: 10 }',
    'compression: { type: gzip, level: 0 }',
    'compression: { type: gzip, level: 1.5 }',
    'images: {}',
    'images: { a: { args: {} } }',
    'images: { a: }',
    'images: [a]',
    'args: { A: "1" }',
    'args: { A: { defualt: "1" } }',
    'runtime: { memory: 0 }',
    'runtime: { pids: 0 }',
    'runtime: { cpus: 0 }',
    'runtime: { network: bridge }',
    'runtime: { seccomp: {} }',
    'runtime: { mounts: [{ source: a }] }',
    'runtime: { ulimits: { nofile: { soft: 1 } } }',
    'runtime: { readonly: "yes" }',
    'layers: {}',
    'layers: [copy]',
    'layers: [{}]',
    layer('copy: a, mode: 0755'),
    layer('copy: a, mode: "0999"'),
    layer('copy: a, mode: "75"'),
    layer('copy: a, archive: b'),
    layer('copy: a, strip: 1'),
    layer('copy: 5'),
    layer('copy: a, ignore: no'),
    layer('copy: a, include: a'),
    layer('to: a'),
    layer('file: a'),
    layer('file: a, content: a, base64: aGk='),
    layer('file: a, content: a, to: b'),
    layer('link: a'),
    layer('remove: []'),
    layer('remove: a, mode: "0755"'),
    layer('archive: a, strip: -1'),
    layer('archive: a, sha256: ABC'),
    layer('copy: a, mtime: 1.5'),
    layer('copy: a, xattrs: { user.a: [b] }'),
    layer('group: []'),
    layer('group: [{ group: [{ copy: a }] }]'),
    layer('group: [{ copy: a, compression: { type: none } }]'),
    layer('npm: ., omit: [prod]'),
    layer('npm: ., split: 1'),
    layer('group: [{ npm: ., split: 2 }]'),
    layer('deb: []'),
    layer('fetch: https://x/y'),
    layer('copy: a, dedupe: true'),
  ])('refuses %s, as we do', (text) => {
    expect([editorAccepts(text), weAccept(text)]).toEqual([false, false]);
  });

  /** What only we refuse: a schema sees values one by one, and no text. */
  it.each([
    ['keys that stand twice', 'from: a\nfrom: b', 'recipe/duplicate-key'],
    ['merge keys', 'env: { <<: a }', 'recipe/merge-key'],
    ['tags', 'from: !!str2 a', 'recipe/custom-tag'],
    ['cycles', 'images: { a: { from: "image:a" } }', 'recipe/cycle'],
    ['images that are not there', 'from: image:b', 'recipe/unknown-image'],
    ['outputs that collide', 'outputs: [oci:a, oci:./a]', 'recipe/colliding-outputs'],
    ['local paths that leave the context', layer('copy: ../a'), 'recipe/outside-context'],
    ['paths that leave the image', layer('copy: a, to: ../b'), 'recipe/path-outside-image'],
    ['paths that runtimes mount over', layer('dir: /proc/x'), 'recipe/reserved-path'],
    ['substitutions that are not declared', 'tags: ["${{ args.X }}"]', 'recipe/undeclared-argument'],
    ['substitutions that are none', 'tags: ["${{ X }}"]', 'recipe/bad-substitution'],
    ['substitutions where there are none', 'created: "${{ image.name }}"', 'recipe/substitution-here'],
    ['references', 'from: NODE', 'recipe/bad-reference'],
    ['tags of images', 'tags: [a b]', 'recipe/bad-tag'],
    ['platforms', 'platforms: [x]', 'recipe/bad-platform'],
    ['ports', 'ports: [99999]', 'recipe/bad-port'],
    ['signals', 'stopSignal: TERM', 'recipe/bad-signal'],
    ['durations', 'healthcheck: { interval: soon }', 'recipe/bad-duration'],
    ['times', 'created: now', 'recipe/bad-time'],
    ['users', 'user: "-1"', 'recipe/bad-owner'],
    ['attributes', layer('copy: a, xattrs: { a: b }'), 'recipe/bad-xattr'],
    ['sizes', 'runtime: { memory: lots }', 'recipe/bad-size'],
    ['names', 'images: { "a b": {} }', 'recipe/bad-name'],
    ['names of JavaScript', 'env: { constructor: a }', 'recipe/bad-key'],
    ['NULs', 'cmd: ["\\0"]', 'recipe/control-character'],
    ['limits that contradict', 'runtime: { ulimits: { nofile: { soft: 2, hard: 1 } } }', 'recipe/bad-value'],
    ['a level of nothing', 'compression: { type: none, level: 1 }', 'recipe/bad-value'],
    [
      'what an output cannot hold',
      `compression: zstd\noutputs: ["docker-archive:x.tar"]\n${layer('copy: a')}`,
      'recipe/zstd-for-docker',
    ],
    ['URLs', layer('fetch: ftp://x/y, to: z'), 'recipe/bad-url'],
  ])('cannot know %s', (_, text, code) => {
    expect(editorAccepts(text)).toBe(true);
    expect(placesOf(problemsOf(text)).map((place) => place.split(' ')[0])).toEqual([code]);
  });

  it('refuses nothing that we accept, whatever stands anywhere', () => {
    const keys = [
      'from',
      'tags',
      'env',
      'layers',
      'copy',
      'file',
      'content',
      'group',
      'mode',
      'runtime',
      'images',
    ];
    const value = fc.oneof(fc.constantFrom('a', '0755', 'scratch', 5, 0.5, true, null));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        value,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (any) => {
        const text = JSON.stringify(any);
        if (weAccept(text)) expect(editorAccepts(text)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

function hasWords(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'description' in value || '$ref' in value;
}

function hasFile(path: string): boolean {
  try {
    return readFileSync(new URL(path, root)).length > 0;
  } catch {
    return false;
  }
}
