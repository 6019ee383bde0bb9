/**
 * A project of two layers, a registry that holds their cache, and machines that build it: each `build` starts with an
 * empty store. The cache was filled honestly; a test damages it.
 */
import { readFileSync } from 'node:fs';
import {
  type BuildContext,
  executeRecipe,
  planRecipe,
  type RecipePlan,
  writeCaches,
} from '../../src/build.ts';
import type { Diagnostic } from '../../src/core/diagnostic/diagnostic.ts';
import type { BuildEvent } from '../../src/core/event/build-event.ts';
import type { Layer } from '../../src/core/image/image.ts';
import { cacheTag } from '../../src/core/plan/cache-entry.ts';
import type { LayerAction } from '../../src/core/plan/plan.ts';
import { RegistryClient } from '../../src/io/registry/registry-client.ts';
import { registrySettings } from '../../src/io/registry/registry-settings.ts';
import { createMemoryStore } from '../../src/io/store/memory-store.ts';
import type { Store } from '../../src/io/store/store.ts';
import { digest, type MockRegistry, startMockRegistry } from './mock-registry.ts';
import { makeProject } from './project.ts';

const recipe = `
layers:
  - copy: dist
    to: /app
  - name: settings
    file: /etc/api.conf
    content: "port=8080"
`;

const path = 'team/cache';

export interface Manifest {
  artifactType?: string;
  layers: { mediaType: string; digest: string; size: number }[];
  annotations: Record<string, string>;
}

export interface SceneBuild {
  readonly digest: string;
  /** `cached` or `built` of each layer, by label. */
  readonly outcomes: Readonly<Record<string, string>>;
  readonly warnings: readonly Diagnostic[];
  /** The digests of all blobs that are in the store now. */
  readonly stored: readonly string[];
}

export interface CacheScene {
  readonly mock: MockRegistry;
  /** The layers as they were built, by label. */
  readonly layers: ReadonlyMap<string, Layer>;
  /** On a new machine; without a cache where `from` is empty. By default the scene's own. */
  build(from?: readonly string[]): Promise<SceneBuild>;
  /** The manifest that the cache holds for a layer. */
  entry(label: string): Manifest;
  /** Puts another manifest in its place. */
  setEntry(label: string, manifest: object | string): void;
  /** Puts a blob into the registry and gives its descriptor, with the layer's media type. */
  putBlob(bytes: Uint8Array): Manifest['layers'][number];
  stop(): Promise<void>;
}

export async function startCacheScene(compression = 'gzip'): Promise<CacheScene> {
  const mock = await startMockRegistry();
  const project = makeProject(`${recipe}compression: ${compression}\n`, {
    'dist/server': 'serve();\n'.repeat(4000),
    'dist/routes': '/',
  });
  const registries = new RegistryClient(
    registrySettings({ random: () => 0, clock: { now: () => 0, wait: () => Promise.resolve() } }),
  );
  const source = { name: 'oci.config.yaml', text: readFileSync(`${project.folder}/oci.config.yaml`, 'utf8') };
  const contextFor = (store: Store, events: BuildEvent[]): BuildContext => ({
    store,
    registries,
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
  });
  const plan = async (context: BuildContext): Promise<RecipePlan> => {
    const request = { source, folder: project.folder, epoch: 0, expansion: { args: {}, env: {} } };
    const planned = await planRecipe(request, context);
    if (!planned.ok) throw new Error(planned.diagnostics[0].message);
    return planned.value;
  };
  const repositoryOf = (name: string) => {
    const slash = name.indexOf('/');
    return { registry: name.slice(0, slash), repository: name.slice(slash + 1) };
  };
  const own = `${mock.host}/${path}`;

  const filling = contextFor(createMemoryStore(), []);
  const planned = await plan(filling);
  const filled = await executeRecipe({ ...planned, jobs: 2, ignores: () => false }, filling);
  if (!filled.ok) throw new Error(filled.diagnostics[0].message);
  await writeCaches(planned.portable, [repositoryOf(own)], filling);

  const actions = planned.portable.plan.actions.filter(
    (action): action is LayerAction => action.kind === 'layer',
  );
  const made = filled.value.images[0]?.images[0]?.layers ?? [];
  const layers = new Map(actions.map(({ label }, at) => [label, made[at] as Layer]));
  const nameOf = (label: string): string => {
    const action = actions.find((one) => one.label === label);
    if (action === undefined) throw new Error(`no layer is called ${label}`);
    return `${path}:${cacheTag(action.key)}`;
  };
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  return {
    mock,
    layers,
    build: async (from = [own]) => {
      const events: BuildEvent[] = [];
      const store = createMemoryStore();
      const context = contextFor(store, events);
      const cacheFrom = from.map(repositoryOf);
      const built = await executeRecipe(
        { ...(await plan(context)), jobs: 2, ignores: () => false, cacheFrom },
        context,
      );
      if (!built.ok) throw new Error(built.diagnostics[0].message);
      const finished = events.filter((event) => event.type === 'action-finished');
      const stored: string[] = [];
      for await (const blob of store.blobs.list()) stored.push(blob.digest);
      return {
        digest: built.value.images[0]?.root.digest ?? '',
        outcomes: Object.fromEntries(
          finished.filter(({ kind }) => kind === 'layer').map(({ label, outcome }) => [label, outcome]),
        ),
        warnings: events.flatMap((event) => (event.type === 'diagnostic' ? event.diagnostic : [])),
        stored,
      };
    },
    entry: (label) =>
      JSON.parse(Buffer.from(mock.manifests.get(nameOf(label))?.bytes ?? '').toString()) as Manifest,
    setEntry: (label, manifest) => {
      const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
      mock.manifests.set(nameOf(label), { mediaType, bytes: Buffer.from(text) });
    },
    putBlob: (bytes) => {
      const name = digest(bytes);
      mock.blobs.set(name, bytes);
      return { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: name, size: bytes.length };
    },
    stop: async () => {
      await registries.close();
      await mock.stop();
      project.remove();
    },
  };
}
