/** Small targets and snapshots for tests of the planner: everything a real one has, and nothing read from outside. */
import { digestOf, digestOfValue } from '../../../src/core/digest/digest.ts';
import {
  requestKey,
  type Snapshot,
  type SourceRequest,
  type SourceTree,
} from '../../../src/core/plan/snapshot.ts';
import type { PlanSettings } from '../../../src/core/plan/plan.ts';
import type { CopyLayer, ImageRecipe, LayerRecipe, Target } from '../../../src/core/recipe/recipe.ts';
import type { DirectoryEntry, FileEntry, SymlinkEntry, TreeEntry } from '../../../src/core/tree/file-tree.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';

export const settings: PlanSettings = { layerFormat: 1, epoch: 0 };
export const noRecipe = {
  source: { name: 'oci.config.yaml', text: '' },
  places: { values: new Map(), keys: new Map() },
};
export const amd64 = { os: 'linux', architecture: 'amd64' } as const;
export const emptySnapshot: Snapshot = { sources: {}, bases: {} };

export function path(text: string): ImagePath {
  return text as ImagePath;
}

export function file(name: string, text = name): FileEntry {
  const bytes = new TextEncoder().encode(text);
  return {
    ...metadata,
    type: 'file',
    path: path(name),
    mode: 0o644,
    size: bytes.length,
    digest: digestOf(bytes),
  };
}

export function folder(name: string, mode = 0o755): DirectoryEntry {
  return { ...metadata, type: 'directory', path: path(name), mode };
}

export function symlink(name: string, target: string): SymlinkEntry {
  return { ...metadata, type: 'symlink', path: path(name), mode: 0o777, target };
}

const metadata = { uid: 0, gid: 0, mtime: { seconds: 0 } };

export function tree(...entries: TreeEntry[]): SourceTree {
  const contents = Object.fromEntries(
    entries
      .filter((entry) => entry.type === 'file')
      .map((entry) => [entry.path, { in: 'context', path: entry.path } as const]),
  );
  return { digest: digestOfValue({ entries }), tree: { entries }, contents, single: false };
}

export function copyLayer(source: string, more: Partial<CopyLayer> = {}): CopyLayer {
  const { at = '/layers/0', ...rest } = more;
  return { kind: 'copy', at, source, include: [], exclude: [], ignore: true, allowSecrets: [], ...rest };
}

export function requestOf(layer: CopyLayer): SourceRequest {
  const { kind, source, include, exclude, ignore, allowSecrets } = layer;
  return { kind, source, include, exclude, ignore, allowSecrets };
}

export function snapshotOf(...sources: [CopyLayer, SourceTree][]): Snapshot {
  const entries = sources.map(([layer, source]) => [requestKey(requestOf(layer)), source] as const);
  return { sources: Object.fromEntries(entries), bases: {} };
}

export function target(layers: readonly LayerRecipe[], more: Partial<ImageRecipe> = {}): Target {
  return { image: exampleImage(layers, more), platform: amd64 };
}

/** An image recipe as `{ layers }` normalises to, but for its name, with what a test says on top. */
export function exampleImage(layers: readonly LayerRecipe[], more: Partial<ImageRecipe> = {}): ImageRecipe {
  return {
    name: 'app',
    at: '',
    users: {},
    groups: {},
    origins: {},
    tags: [],
    from: 'scratch',
    platforms: [amd64],
    format: 'oci',
    created: 'epoch',
    env: {},
    ports: [],
    volumes: [],
    labels: {},
    annotations: {},
    compression: { type: 'gzip', level: 6 },
    layers,
    outputs: [],
    runtime: {},
    ...more,
  };
}
