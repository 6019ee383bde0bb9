/**
 * Every document that we write is accepted by the specifications' own schemas, by oci-image-tool and by skopeo: of a
 * real image, of one of odd nodes, and of one for two platforms; in layouts, archives, bundles and the store.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasConformanceData } from '../core/oci/conformance-data.ts';
import { loadSpecSchema, type SpecSchema } from '../core/oci/spec-schema.ts';
import { succeed } from '../rigs/command.ts';
import { layoutDocuments, type LayoutDocument } from '../rigs/layout-documents.ts';
import { hasProgram } from '../rigs/runtimes.ts';
import { buildWholePath, canBuildWholePath, type WholePath, wholePathNeeds } from '../rigs/whole-path.ts';

const slow = 240_000;
const schemas: Readonly<Record<LayoutDocument['kind'], SpecSchema>> = {
  layout: 'image-spec/image-layout-schema.json',
  index: 'image-spec/image-index-schema.json',
  manifest: 'image-spec/image-manifest-schema.json',
  config: 'image-spec/config-schema.json',
};

describe.skipIf(!canBuildWholePath)(`the documents that we write (${wholePathNeeds})`, () => {
  let built: WholePath;
  beforeAll(() => {
    built = buildWholePath('documents', ['oci-archive:IMAGE.oci.tar', 'docker-archive:IMAGE.docker.tar']);
    cpSync(hello, join(built.folder, 'hello'), { recursive: true });
    const places = ['oci:hello-layout:it', 'oci-archive:hello.oci.tar'].flatMap((place) => ['-o', place]);
    succeed(['build', '-q', '-f', 'hello/oci.config.yaml', ...places], built.options);
    const one = ['--platform', 'linux/amd64', '-o', 'oci:amd64-layout:it'];
    succeed(['build', '-q', '-f', 'hello/oci.config.yaml', ...one], built.options);
    for (const archive of archives) unpack(archive);
  }, slow);
  afterAll(() => {
    built.remove();
  });

  const hello = resolve(import.meta.dirname, '../../examples/hello');
  const onePlatform = ['service-layout', 'odd-layout', 'amd64-layout'];
  const archives = [
    'service.oci.tar',
    'odd.oci.tar',
    'hello.oci.tar',
    'service.docker.tar',
    'odd.docker.tar',
  ];
  const layouts = [...onePlatform, 'hello-layout', ...archives.map((name) => `${name}.d`)];
  const at = (name: string) => join(built.folder, name);
  const unpack = (archive: string) => {
    mkdirSync(at(`${archive}.d`));
    execFileSync('tar', ['-xf', at(archive), '-C', at(`${archive}.d`)]);
  };
  const storeFolder = () => join(built.options.cache, 'store');
  const run = (tool: string, ...args: readonly string[]) =>
    execFileSync(tool, args, { encoding: 'utf8', cwd: built.folder, stdio: ['ignore', 'pipe', 'pipe'] });

  test('are all here: an index, a manifest and a config of each kind', () => {
    const kinds = (name: string) => layoutDocuments(at(name)).map(({ kind }) => kind);
    for (const name of onePlatform) expect(kinds(name)).toEqual(['layout', 'index', 'manifest', 'config']);
    const both = ['layout', 'index', 'index', 'manifest', 'config', 'manifest', 'config'];
    expect(kinds('hello-layout')).toEqual(both);
    expect(kinds('hello.oci.tar.d')).toEqual(both);
  });

  test.skipIf(!hasConformanceData)('fit the schemas of the image spec (needs ../shared/data)', () => {
    const places = [...layouts.map(at), storeFolder()];
    const documents = places.flatMap(layoutDocuments);
    expect(documents.length).toBeGreaterThan(40);
    const problems = documents.map(({ kind, file, value }) => [file, loadSpecSchema(schemas[kind])(value)]);
    expect(problems.filter(([, found]) => found?.length !== 0)).toEqual([]);
  });

  test.skipIf(!hasConformanceData)('fit the schema of the runtime spec (needs ../shared/data)', () => {
    const fits = loadSpecSchema('runtime-spec/config-schema.json');
    const bundles = [['service'], ['odd', '--rootless'], ['amd64'], ['amd64', '--rootless']] as const;
    for (const [image, ...flags] of bundles) {
      const bundle = at([image, 'bundle', ...flags].join('-'));
      succeed(['bundle', '-q', ...flags, `oci:${image}-layout:it`, bundle], built.options);
      expect(fits(JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8')))).toEqual([]);
    }
  });

  test.skipIf(!hasProgram('oci-image-tool'))(
    'are valid for oci-image-tool, each by its type (needs it)',
    () => {
      const types = { layout: undefined, index: 'imageIndex', manifest: 'manifest', config: 'config' };
      for (const { kind, file } of layouts.map(at).flatMap(layoutDocuments)) {
        const type = types[kind];
        if (type !== undefined)
          run('oci-image-tool', 'validate', '--type', type, relative(built.folder, file));
      }
      for (const name of onePlatform)
        run('oci-image-tool', 'validate', '--type', 'image', '--ref', 'name=it', name);
    },
  );

  describe.skipIf(!hasProgram('skopeo'))('are read by skopeo (needs skopeo)', () => {
    const inspect = (...args: readonly string[]) => run('skopeo', 'inspect', ...args);

    test.each(['oci:service-layout:it', 'oci:odd-layout:it', 'oci:amd64-layout:it', 'oci:hello-layout:it'])(
      'from the layout %s',
      (reference) => {
        const [, name = ''] = reference.split(':');
        const documents = layoutDocuments(at(name)).filter(({ kind }) => kind !== 'layout');
        const top = (documents[0]?.value as { readonly manifests: readonly { readonly digest: string }[] })
          .manifests;
        expect(JSON.parse(inspect(reference))).toMatchObject({ Os: 'linux', Architecture: 'amd64' });
        expect(inspect('--raw', reference)).toBe(textOf(documents[1]));
        expect(JSON.parse(inspect('--format', '{"digest":"{{.Digest}}"}', reference))).toEqual({
          digest: top[0]?.digest,
        });
        const config = documents.find(({ kind }) => kind === 'config');
        expect(inspect('--config', '--raw', reference)).toBe(textOf(config));
      },
    );

    test.each(['service', 'odd'] as const)('from the archives of %s', { timeout: slow }, (image) => {
      const [, , manifest, config] = layoutDocuments(at(`${image}-layout`));
      const [oci, docker] = [`oci-archive:${image}.oci.tar`, `docker-archive:${image}.docker.tar`];
      expect(inspect('--raw', oci)).toBe(textOf(manifest));
      for (const reference of [oci, docker]) {
        expect(inspect('--config', '--raw', reference)).toBe(textOf(config));
        expect(JSON.parse(inspect(reference))).toMatchObject({ Os: 'linux', Architecture: 'amd64' });
      }
    });

    test('from an archive of two platforms, whole', { timeout: slow }, () => {
      run('skopeo', 'copy', '--all', 'oci-archive:hello.oci.tar', 'oci:hello-again:it');
      const values = (name: string) => layoutDocuments(at(name)).filter(({ file }) => file.includes('blobs'));
      expect(values('hello-again').map(textOf)).toEqual(values('hello-layout').map(textOf));
    });
  });

  test.skipIf(!hasProgram('umoci'))('are read by umoci (needs umoci)', () => {
    for (const name of onePlatform) {
      expect(run('umoci', 'ls', '--layout', name)).toBe('it\n');
      const stat = JSON.parse(run('umoci', 'stat', '--json', '--image', `${name}:it`)) as {
        readonly history: readonly unknown[];
      };
      const [, , , config] = layoutDocuments(at(name));
      expect(stat.history.length).toBe((config?.value as { readonly history: unknown[] }).history.length);
    }
  });
});

function textOf(document: LayoutDocument | undefined): string {
  return readFileSync(document?.file ?? '', 'utf8');
}
