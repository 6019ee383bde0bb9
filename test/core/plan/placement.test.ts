import { describe, expect, it } from 'vitest';
import { digestOfValue } from '../../../src/core/digest/digest.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { layOut } from '../../../src/core/plan/lay-out.ts';
import { makePlan } from '../../../src/core/plan/make-plan.ts';
import {
  type BaseImage,
  requestKey,
  type Snapshot,
  type SourceTree,
} from '../../../src/core/plan/snapshot.ts';
import { sourceRequest } from '../../../src/core/plan/source-request.ts';
import type { ImageLayer, ImageRecipe, LayerRecipe, SingleLayer } from '../../../src/core/recipe/recipe.ts';
import type { TreeEntry } from '../../../src/core/tree/file-tree.ts';
import {
  amd64,
  copyLayer,
  file,
  folder,
  noRecipe,
  settings,
  symlink,
  target,
  tree,
} from './example-target.ts';

const layer = digestOfValue('layer');
/** A usr-merged base with accounts. */
const base: BaseImage = {
  location: { transport: 'oci', path: 'base' },
  manifest: { mediaType: mediaTypes.manifest, digest: digestOfValue('manifest'), size: 3 },
  annotations: {},
  config: { ...amd64, rootfs: { type: 'layers', diff_ids: [layer] } },
  layers: [{ descriptor: { mediaType: mediaTypes.layerGzip, digest: layer, size: 1 }, diffId: layer }],
  folders: [symlink('bin', 'usr/bin'), folder('etc'), folder('srv'), folder('usr'), folder('usr/bin')],
  passwd: 'app:x:1000:1001::/:/bin/sh\n',
  group: 'app:x:1001:\n',
};

interface Source {
  readonly item: SingleLayer;
  readonly tree: SourceTree;
}

function plan(
  layers: readonly LayerRecipe[],
  { sources = [], image = {} }: { sources?: readonly Source[]; image?: Partial<ImageRecipe> } = {},
): ReturnType<typeof makePlan> {
  const requests = sources.map(({ item, tree: source }) => {
    const request = sourceRequest(item, amd64);
    if (request === undefined) throw new Error('this item has no source');
    return [requestKey(request), source] as const;
  });
  const snapshot: Snapshot = {
    sources: Object.fromEntries(requests),
    bases: { [requestKey({ reference: 'oci:base', platform: amd64 })]: base },
  };
  const targets = [target(layers, { from: 'oci:base', ...image })];
  return makePlan({ recipe: noRecipe, targets, snapshot, settings, selected: new Set(['app']) });
}

/** The entries of the last layer as the pack writes them. */
function laidOut(...asked: Parameters<typeof plan>): readonly TreeEntry[] {
  const outcome = plan(...asked);
  if (!outcome.ok) throw new Error(outcome.diagnostics[0].message);
  const { actions } = outcome.value.plan;
  const last = actions.filter((action) => action.kind === 'layer').at(-1);
  if (last === undefined) throw new Error('no layer was planned');
  return layOut(last, (digest) => outcome.value.trees[digest]).entries;
}

const pathsOf = (entries: readonly TreeEntry[]): string[] => entries.map((entry) => entry.path);

function codesOf(...asked: Parameters<typeof plan>): string[] {
  const outcome = plan(...asked);
  return outcome.ok ? [] : outcome.diagnostics.map((one) => one.code);
}

function imageLayer(from: readonly string[], to: string): ImageLayer {
  return { kind: 'image', at: '/layers/0', reference: 'oci:other', from, to, include: [], exclude: [] };
}

const single = (name: string): SourceTree => ({ ...tree(file(name)), single: true });

describe('folders of a source', () => {
  it('may be called as members of a JavaScript object are', () => {
    const item = copyLayer('dist', { to: '/' });
    const names = ['__proto__', 'constructor', 'toString'];
    const source = tree(...names.flatMap((name) => [folder(name), file(`${name}/x`)]));
    expect(pathsOf(laidOut([item], { sources: [{ item, tree: source }] }))).toEqual(
      names.flatMap((name) => [name, `${name}/x`]),
    );
  });

  it('come through the links of the image where they are taken out of another image, too', () => {
    const item = imageLayer(['/usr'], '/');
    const source = tree(folder('usr'), folder('usr/bin'), file('usr/bin/tool'), folder('usr/bin/sub'));
    const paths = pathsOf(laidOut([item], { sources: [{ item, tree: source }] }));
    expect(paths).toEqual(['', 'usr', 'usr/bin', 'usr/bin/sub', 'usr/bin/tool']);
  });
});

describe('a file by itself', () => {
  it('takes the place of no folder of the image, nor of one that a link leads to', () => {
    for (const to of ['/srv', '/bin', '/usr/bin']) {
      const item = copyLayer('tool', { to });
      expect(codesOf([item], { sources: [{ item, tree: single('tool') }] })).toEqual([
        'plan/file-over-folder',
      ]);
      const other = imageLayer(['/opt/tool'], to);
      const source = tree(file('opt/tool'));
      expect(codesOf([other], { sources: [{ item: other, tree: source }] })).toEqual([
        'plan/file-over-folder',
      ]);
      const inline: LayerRecipe = { kind: 'file', at: '', path: to, content: '', encoding: 'text' };
      expect(codesOf([inline])).toEqual(['plan/file-over-folder']);
    }
  });

  it('goes into a folder that a slash names, and in place of one that was removed', () => {
    const into = copyLayer('tool', { to: '/bin/' });
    expect(pathsOf(laidOut([into], { sources: [{ item: into, tree: single('tool') }] }))).toContain(
      'usr/bin/tool',
    );
    const over = copyLayer('tool', { to: '/srv' });
    const gone: LayerRecipe = { kind: 'remove', at: '', paths: ['/srv'] };
    expect(pathsOf(laidOut([gone, over], { sources: [{ item: over, tree: single('tool') }] }))).toEqual([
      'srv',
    ]);
  });
});

describe('a hard link', () => {
  const link = (path: string, to: string): SingleLayer => ({
    kind: 'link',
    at: '/layers/0',
    path,
    target: to,
    hard: true,
  });

  it('has the owner, mode and time of its file', () => {
    const item = copyLayer('tool', { to: '/srv/tool', mode: 0o755, owner: '5:6', mtime: { seconds: 7 } });
    const group: LayerRecipe = {
      kind: 'group',
      at: '/layers/0',
      items: [item, link('/srv/a', '/srv/tool'), link('/srv/z', '/srv/tool')],
    };
    const own = { mode: 0o755, uid: 5, gid: 6, mtime: { seconds: 7 } };
    const entries = laidOut([group], { sources: [{ item, tree: single('tool') }] });
    expect(entries.filter(({ path }) => path !== 'srv')).toMatchObject([
      { type: 'file', path: 'srv/a', ...own },
      { type: 'hardlink', path: 'srv/tool', target: 'srv/a', ...own },
      { type: 'hardlink', path: 'srv/z', target: 'srv/a', ...own },
    ]);
  });

  it('to something that is no file of its own layer is an error', () => {
    expect(codesOf([link('/srv/a', '/usr/bin/tool')])).toEqual(['plan/hardlink-alone']);
    const items = [link('/srv/a', '/srv/d'), { kind: 'dir', at: '', path: '/srv/d' }] as const;
    expect(codesOf([{ kind: 'group', at: '', items }])).toEqual(['plan/hardlink-alone']);
  });
});

describe('a group', () => {
  it('gives its mode and attributes to files, and not to a `dir`', () => {
    const item = copyLayer('tool', { to: '/srv/' });
    const items: SingleLayer[] = [item, { kind: 'dir', at: '', path: '/data' }];
    const group: LayerRecipe = { kind: 'group', at: '', items, mode: 0o640, xattrs: { 'user.a': 'AA==' } };
    const entries = laidOut([group], { sources: [{ item, tree: single('tool') }] });
    expect(entries).toContainEqual(folder('data'));
    expect(entries).toContainEqual(expect.objectContaining({ path: 'srv/tool', mode: 0o640 }));
  });
});

describe('names of users', () => {
  const item = copyLayer('root', { to: '/' });
  const root = tree(folder('etc'), file('etc/passwd'));

  it('are looked up in the accounts file that a layer puts in place of the base’s', () => {
    const source = { ...root, passwd: 'app:x:2000:2001::/:/bin/sh\n' };
    const outcome = plan([item], { sources: [{ item, tree: source }], image: { user: 'app' } });
    const image = outcome.ok ? outcome.value.plan.actions.at(-1) : undefined;
    expect(image).toMatchObject({ config: { User: '2000:2001' } });
  });

  it('are unknown where the accounts file was removed, or replaced by one that could not be read', () => {
    const gone: LayerRecipe = { kind: 'remove', at: '', paths: ['/etc'] };
    expect(codesOf([gone], { image: { user: 'app' } })).toEqual(['plan/unknown-user']);
    expect(codesOf([item], { sources: [{ item, tree: root }], image: { user: 'app' } })).toEqual([
      'plan/unknown-user',
    ]);
  });
});

describe('an image of the recipe', () => {
  it('builds on another for the same platform, however that is spelt', () => {
    const variant = { os: 'linux', architecture: 'arm64', variant: 'v8' };
    const plain = { os: 'linux', architecture: 'arm64' };
    const item = copyLayer('tool');
    const below = { ...target([item], { name: 'below' }), platform: variant };
    const above = { ...target([item], { name: 'above', from: 'image:below' }), platform: plain };
    const request = sourceRequest(item, amd64);
    if (request === undefined) throw new Error('a copy has a source');
    const snapshot = { sources: { [requestKey(request)]: single('tool') }, bases: {} };
    const targets = [below, above];
    const outcome = makePlan({ recipe: noRecipe, targets, snapshot, settings, selected: new Set(['above']) });
    expect(outcome.ok).toBe(true);
  });
});
