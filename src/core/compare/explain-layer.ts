/** Why a layer has another key than before: its files, where they go, how they are described, how they are compressed. */
import type { Digest } from '../digest/digest.ts';
import type { AskedSource, BuildInputs } from '../plan/build-inputs.ts';
import type { LayerAction, MetadataRules, Placement } from '../plan/plan.ts';
import type { Compression } from '../recipe/recipe.ts';
import { formatPaxTime } from '../tar/pax-time.ts';
import type { FileTree, TreeEntry } from '../tree/file-tree.ts';
import { type ImagePath, isWithin, joinPath } from '../tree/image-path.ts';
import { type Change, differing, isSame, octalMode } from './change.ts';
import { entryChanges } from './entry-changes.ts';
import { ignoreChanges, requestChanges } from './request-changes.ts';
import { sourceChanges } from './source-changes.ts';
import { filesBesidePackages, packageChanges, type SourcePackage } from './source-packages.ts';

/** The trees of both builds, as far as they are known. */
export type TreeLookup = (digest: Digest) => FileTree | undefined;

/** The packages that the tree with this digest was made of, where it was made of some and they are known. */
export type PackageLookup = (tree: Digest) => readonly SourcePackage[] | undefined;

/** One of two builds that are compared, and an action of it. */
export interface Side<A> {
  readonly action: A;
  readonly inputs: BuildInputs;
}

export interface ComparedLayers {
  readonly before: Side<LayerAction>;
  readonly now: Side<LayerAction>;
  readonly treeOf: TreeLookup;
  readonly packagesOf: PackageLookup;
}

export function explainLayer(compared: ComparedLayers): Change[] {
  const { before, now } = compared;
  const [old, current] = [before.action, now.action];
  const changes = [
    ...pairSources(before, now).flatMap((pair) => placementChanges(pair, compared)),
    ...entryChanges(ownEntries(old), ownEntries(current)),
    ...differing('compression', compressionText(old.compression), compressionText(current.compression)),
    ...differing(
      'layerFormat',
      before.inputs.plan.settings.layerFormat,
      now.inputs.plan.settings.layerFormat,
    ),
  ];
  // Folders above what is placed follow it, and the rules: they are a cause of their own only where nothing else is.
  return changes.length > 0 ? changes : entryChanges(old.entries, current.entries);
}

/** The trees that explainLayer looks into. */
export function treesCompared({ before, now }: Omit<ComparedLayers, 'treeOf' | 'packagesOf'>): Digest[] {
  return pairSources(before, now).flatMap((pair) => {
    const [old, current] = [pair.before?.placement.tree, pair.now?.placement.tree];
    return old === undefined || current === undefined || old === current ? [] : [old, current];
  });
}

interface PlacedSource {
  readonly placement: Placement;
  /** Undefined for a plan that another recipe gave. */
  readonly asked: AskedSource | undefined;
}

interface SourcePair {
  readonly before: PlacedSource | undefined;
  readonly now: PlacedSource | undefined;
}

/** Sources of one name follow one another, then those of one kind as they stand. */
function pairSources(before: Side<LayerAction>, now: Side<LayerAction>): SourcePair[] {
  const free = new Set(sourcesOf(before));
  const take = (isMeant: (source: PlacedSource) => boolean): PlacedSource | undefined => {
    const found = [...free].find(isMeant);
    if (found !== undefined) free.delete(found);
    return found;
  };
  const named = sourcesOf(now).map((source) => ({
    now: source,
    before: take(({ asked }) => sourceName(asked) === sourceName(source.asked)),
  }));
  const pairs = named.map((pair) => ({
    now: pair.now,
    before: pair.before ?? take(({ asked }) => asked?.kind === pair.now.asked?.kind),
  }));
  return [...pairs, ...[...free].map((source) => ({ before: source, now: undefined }))];
}

function sourcesOf({ action, inputs }: Side<LayerAction>): PlacedSource[] {
  const asked = inputs.asked[action.key] ?? [];
  return action.placements.map((placement, at) => ({ placement, asked: asked[at] }));
}

/** `copy dist`. */
function sourceName(asked: AskedSource | undefined): string {
  if (asked === undefined) return '';
  if (asked.kind === 'deb') return `deb ${asked.names.join(' ')}`;
  return `${asked.kind} ${'source' in asked ? asked.source : asked.reference}`;
}

function placementChanges(pair: SourcePair, compared: ComparedLayers): Change[] {
  const { before, now } = pair;
  if (before === undefined || now === undefined) {
    return [
      {
        change: before === undefined ? 'added' : 'removed',
        field: 'source',
        key: sourceName((now ?? before)?.asked),
      },
    ];
  }
  const files = before.placement.tree === now.placement.tree ? [] : contentChanges({ before, now }, compared);
  const hidden = files.some(({ because }) => because === '.dockerignore');
  const [old, current] = [compared.before.inputs, compared.now.inputs];
  return [
    ...(hidden ? ignoreChanges(old.ignore ?? '', current.ignore ?? '') : []),
    ...requestChanges({ asked: before.asked, inputs: old }, { asked: now.asked, inputs: current }),
    ...files,
    ...destinationChanges(before.placement, now.placement),
    ...ruleChanges(
      { rules: before.placement.rules, inputs: old },
      { rules: now.placement.rules, inputs: current },
    ),
  ];
}

type ChangedSource = { readonly [Side in keyof SourcePair]: PlacedSource };

/** Packages by their versions where those are known, and what is left of the files. */
function contentChanges(pair: ChangedSource, compared: ComparedLayers): Change[] {
  const [before, now] = [pair.before, pair.now].map(({ placement }) => compared.packagesOf(placement.tree));
  const files = fileChanges(pair, compared);
  if (before === undefined || now === undefined) return files;
  const changes = packageChanges({ before, now });
  return [...changes, ...filesBesidePackages(files, { changes, before, now })];
}

function fileChanges(
  { before, now }: ChangedSource,
  { before: { inputs: old }, now: { inputs: current }, treeOf }: ComparedLayers,
): Change[] {
  // What the recipe holds itself is no file of the context, and another text is another recipe.
  if (before.asked?.kind === 'file' && now.asked?.kind === 'file')
    return [contentChange(now.asked.source, { before: before.placement, now: now.placement }, treeOf)];
  const trees = { before: treeOf(before.placement.tree), now: treeOf(now.placement.tree) };
  if (trees.before === undefined || trees.now === undefined) return [{ change: 'changed', field: 'files' }];
  const honoured = [before.asked, now.asked].every((asked) => asked?.kind === 'copy' && asked.ignore);
  return sourceChanges({
    before: trees.before,
    now: trees.now,
    pathOf: pathsOf(now),
    ...(honoured ? { ignore: { before: old.ignore ?? '', now: current.ignore ?? '' } } : {}),
  });
}

function contentChange(
  path: string,
  { before, now }: { readonly before: Placement; readonly now: Placement },
  treeOf: TreeLookup,
): Change {
  const digestOf = ({ tree }: Placement): Digest | undefined => {
    const [entry] = treeOf(tree)?.entries ?? [];
    return entry?.type === 'file' ? entry.digest : undefined;
  };
  const [old, current] = [digestOf(before), digestOf(now)];
  const changed = { change: 'changed', field: 'content', key: path } as const;
  return old === undefined || current === undefined ? changed : { ...changed, before: old, after: current };
}

/** How people call a file: its path in the context, in the archive, in the image. */
function pathsOf({ asked, placement }: PlacedSource): (path: ImagePath) => string {
  if (asked?.kind !== 'copy') return (path) => path;
  const { source } = asked;
  // A source that is a single file is the file itself.
  if (placement.rename !== undefined) return () => source;
  return (path) => joinPath(source.replace(/^(?:\.\/)+|^\.$|\/+$/g, '') as ImagePath, path);
}

function destinationChanges(before: Placement, now: Placement): Change[] {
  const [was, is] = [before, now].map(({ to, rename = '' as ImagePath }) => `/${joinPath(to, rename)}`);
  const moved = differing('to', was, is);
  if (moved.length > 0 || isSame(before.redirects, now.redirects)) return moved;
  return [{ change: 'changed', field: 'links of the image' }];
}

interface RuledSide {
  readonly rules: MetadataRules;
  readonly inputs: BuildInputs;
}

function ruleChanges(before: RuledSide, now: RuledSide): Change[] {
  const epochs = [before, now].map(({ inputs }) => inputs.plan.settings.epoch);
  const follow = [before, now].every(({ rules }, at) => rules.mtime?.seconds === epochs[at]);
  const [old, current] = [ruleTexts(before.rules), ruleTexts(now.rules)];
  return [
    ...Object.keys(old)
      .filter((name) => !(follow && name === 'mtime'))
      .flatMap((name) => differing(name, old[name], current[name])),
    // `mtime: epoch` is told by what it stands for.
    ...(follow ? differing('epoch', epochs[0], epochs[1]) : []),
  ];
}

function ruleTexts({
  owner,
  mode,
  dirMode,
  mtime,
  xattrs,
}: MetadataRules): Readonly<Record<string, unknown>> {
  return {
    owner: owner && `${String(owner.uid)}:${String(owner.gid)}`,
    mode: mode === undefined ? undefined : octalMode(mode),
    dirMode: dirMode === undefined ? undefined : octalMode(dirMode),
    mtime: mtime && formatPaxTime(mtime),
    xattrs,
  };
}

/** What the recipe names itself. */
function ownEntries({ entries, placements }: LayerAction): readonly TreeEntry[] {
  return entries.filter(
    ({ type, path }) => type !== 'directory' || !placements.some(({ to }) => isWithin(to, path)),
  );
}

/** `gzip 6`. */
function compressionText(compression: Compression): string {
  return compression.type === 'none' ? 'none' : `${compression.type} ${String(compression.level)}`;
}
