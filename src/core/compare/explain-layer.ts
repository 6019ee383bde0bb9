/** Why a layer has another key than before: its files, where they go, how they are described, how they are compressed. */
import { canonicalJson } from '../digest/canonical-json.ts';
import type { Digest } from '../digest/digest.ts';
import type { AskedSource, BuildInputs } from '../plan/build-inputs.ts';
import type { LayerAction, MetadataRules, Placement } from '../plan/plan.ts';
import type { Compression } from '../recipe/recipe.ts';
import type { FileTree, TreeEntry } from '../tree/file-tree.ts';
import { type ImagePath, joinPath } from '../tree/image-path.ts';
import { type Change, changeOf } from './change.ts';
import { ignoreChanges, requestChanges } from './request-changes.ts';
import { sourceChanges } from './source-changes.ts';

/** The trees of both builds, as far as they are known. */
export type TreeLookup = (digest: Digest) => FileTree | undefined;

/** One of two builds that are compared, and an action of it. */
export interface Side<A> {
  readonly action: A;
  readonly inputs: BuildInputs;
}

export interface ComparedLayers {
  readonly before: Side<LayerAction>;
  readonly now: Side<LayerAction>;
  readonly treeOf: TreeLookup;
}

export function explainLayer(compared: ComparedLayers): Change[] {
  const { before, now } = compared;
  const [old, current] = [before.action, now.action];
  return [
    ...pairSources(before, now).flatMap((pair) => placementChanges(pair, compared)),
    ...entryChanges(old.entries, current.entries),
    ...differing('compression', compressionText(old.compression), compressionText(current.compression)),
    ...differing(
      'layerFormat',
      before.inputs.plan.settings.layerFormat,
      now.inputs.plan.settings.layerFormat,
    ),
  ];
}

/** The trees that explainLayer looks into. */
export function treesCompared({ before, now }: Omit<ComparedLayers, 'treeOf'>): Digest[] {
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
  const files = before.placement.tree === now.placement.tree ? [] : fileChanges({ before, now }, compared);
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

function fileChanges(
  { before, now }: { readonly before: PlacedSource; readonly now: PlacedSource },
  { before: { inputs: old }, now: { inputs: current }, treeOf }: ComparedLayers,
): Change[] {
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

/** How people call a file: its path in the context, in the archive, in the image. */
function pathsOf({ asked, placement }: PlacedSource): (path: ImagePath) => string {
  if (asked?.kind === 'file') return () => asked.source;
  if (asked?.kind !== 'copy') return (path) => path;
  const { source } = asked;
  // A source that is a single file is the file itself.
  if (placement.rename !== undefined) return () => source;
  return (path) => joinPath(source.replace(/^(?:\.\/)+|^\.$|\/+$/g, '') as ImagePath, path);
}

function destinationChanges(before: Placement, now: Placement): Change[] {
  const [was, is] = [before, now].map(({ to, rename = '' as ImagePath }) => `/${joinPath(to, rename)}`);
  const moved = differing('to', was, is);
  if (moved.length > 0 || same(before.redirects, now.redirects)) return moved;
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
    mode: octal(mode),
    dirMode: octal(dirMode),
    mtime,
    xattrs,
  };
}

function octal(mode: number | undefined): string | undefined {
  return mode === undefined ? undefined : mode.toString(8).padStart(4, '0');
}

/** What the recipe itself puts there: folders, links, removals. */
function entryChanges(before: readonly TreeEntry[], now: readonly TreeEntry[]): Change[] {
  const old = new Map(before.map((entry) => [entryName(entry), entry]));
  const current = new Map(now.map((entry) => [entryName(entry), entry]));
  const names = new Set([...old.keys(), ...current.keys()]);
  return [...names].flatMap((name) => {
    const [was, is] = [old.get(name), current.get(name)];
    const [field = '', key = ''] = name.split('\0');
    return same(was, is) ? [] : [changeOf({ field, key }, was && entryFacts(was), is && entryFacts(is))];
  });
}

function entryName({ type, path }: TreeEntry): string {
  const field = type === 'removed' ? 'remove' : type === 'directory' ? 'folder' : 'link';
  return `${field}\0/${path}`;
}

function entryFacts(entry: TreeEntry): unknown {
  if ('target' in entry) return entry.target;
  if (!('mode' in entry)) return entry.type;
  const { mode, uid, gid } = entry;
  return `${mode.toString(8).padStart(4, '0')} ${String(uid)}:${String(gid)}`;
}

/** `gzip 6`. */
function compressionText(compression: Compression): string {
  return compression.type === 'none' ? 'none' : `${compression.type} ${String(compression.level)}`;
}

function differing(field: string, before: unknown, now: unknown): Change[] {
  return same(before, now) ? [] : [changeOf({ field }, before, now)];
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a ?? '') === canonicalJson(b ?? '');
}
