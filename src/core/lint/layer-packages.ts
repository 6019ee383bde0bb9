/** Every node_modules of a layer: which packages stand in it, and where the context says what they are for. */
import type { EntryOrigin } from '../plan/entry-origin.ts';
import type { RecipePath } from '../diagnostic/source-text.ts';
import type { SingleLayer } from '../recipe/recipe.ts';
import type { ImagePath } from '../tree/image-path.ts';

export interface LayerPackages {
  /** `zod`, `@acme/tool`, `a/node_modules/b`. */
  readonly present: ReadonlySet<string>;
  /** In the context: the folder's .package-lock.json, where the layer has it. */
  readonly hiddenLock?: ImagePath;
  /** In the context: the package.json beside the folder, which need not be there. */
  readonly manifest?: ImagePath;
  /** The first place in the recipe that brings something of it. */
  readonly at: RecipePath;
}

/** Outermost folders alone; those within packages belong to them. */
export function layerPackages(origins: readonly EntryOrigin[]): LayerPackages[] {
  const found = new Map<string, LayerPackages & { readonly present: Set<string> }>();
  for (const { entry, source, at } of origins) {
    const split = splitAtPackages(entry.path);
    if (split === undefined) continue;
    const known = found.get(split.above) ?? { present: new Set<string>(), at };
    if (entry.type !== 'file') known.present.add(split.below);
    const path = source?.in === 'context' ? (source.path as ImagePath) : undefined;
    found.set(split.above, { ...known, ...(path === undefined ? {} : contextPaths(path, split.below)) });
  }
  return [...found.values()];
}

function contextPaths(path: ImagePath, below: string): Pick<LayerPackages, 'hiddenLock' | 'manifest'> {
  const above = splitAtPackages(path)?.above;
  if (above === undefined) return {};
  return {
    manifest: `${above}package.json` as ImagePath,
    ...(below === '.package-lock.json' ? { hiddenLock: path } : {}),
  };
}

/** What an `npm` layer lays out that is told to keep development packages. */
export interface LaidPackages {
  readonly present: ReadonlySet<string>;
  /** In the context: where its package-lock.json may be, the one that npm takes first. */
  readonly locks: readonly string[];
  readonly at: RecipePath;
}

export function laidPackages(
  origins: readonly EntryOrigin[],
  layers: readonly SingleLayer[],
): LaidPackages[] {
  const found = new Map<RecipePath, LaidPackages>();
  for (const layer of layers) {
    if (layer.kind !== 'npm' || layer.omit.includes('dev') || found.has(layer.at)) continue;
    const { at } = layer;
    const own = origins.filter((origin) => origin.at === at && origin.entry.type !== 'file');
    const present = new Set(own.flatMap(({ entry }) => splitAtPackages(entry.path)?.below ?? []));
    found.set(at, { present, locks: locksFor(layer.source), at });
  }
  return [...found.values()];
}

/** In the folder of the project, else in one above it, as for workspaces. */
function locksFor(source: string): string[] {
  const parts = source.split('/').filter((part) => part !== '' && part !== '.');
  const folders = [...parts.keys(), parts.length].map((length) => parts.slice(0, length));
  return folders
    .reverse()
    .flatMap((folder) =>
      ['npm-shrinkwrap.json', 'package-lock.json'].map((name) => [...folder, name].join('/')),
    );
}

/** `app/node_modules/zod` is `app/` and `zod`. */
function splitAtPackages(path: string): { readonly above: string; readonly below: string } | undefined {
  const found = /^((?:.*?\/)??)node_modules\/(.+)$/.exec(path);
  return found === null ? undefined : { above: found[1] ?? '', below: found[2] ?? '' };
}
