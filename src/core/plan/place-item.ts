/** One item of a layer: what it puts into the image and where. */
import { canonicalJson } from '../digest/canonical-json.ts';
import { assertNever, Bug } from '../diagnostic/bug.ts';
import { escapeText, quoteText } from '../diagnostic/escape-text.ts';
import { reservedPathProblem } from '../recipe/check/check-path.ts';
import type { DirLayer, ImageLayer, LinkLayer, RemoveLayer, SingleLayer } from '../recipe/recipe.ts';
import type { Platform } from '../oci/platform.ts';
import { accountPath, accountTexts } from '../tree/account-texts.ts';
import type { FileTree, DirectoryEntry, SourcedTree, TreeEntry } from '../tree/file-tree.ts';
import {
  baseName,
  type ImagePath,
  joinPath,
  parentPath,
  parseImagePath,
  rootPath,
} from '../tree/image-path.ts';
import type { Accounts } from './account.ts';
import { addOverFolder } from './file-over-folder.ts';
import { type FolderView, plainFolder } from './folder-view.ts';
import { inlineTree } from './inline-tree.ts';
import { placer } from './lay-out.ts';
import type { MetadataRules, Placement } from './plan.ts';
import { type Destination, placeSelected, placeSource } from './plan-source.ts';
import { addError, addWarning, type Planning } from './planning.ts';
import { requestKey, type SourceTree } from './snapshot.ts';
import { sourceRequest } from './source-request.ts';

/** What a layer is planned on: the image as the layers below leave it. */
export interface Below {
  readonly view: FolderView;
  readonly accounts: Accounts;
  /** Whether there is no layer below. */
  readonly isEmpty: boolean;
  /** The folder of the image that relative paths start at. */
  readonly workdir: ImagePath;
  readonly platform: Platform;
  /** All that the image shows, where a recipe asks what of a layer is there already. */
  readonly files?: (() => FileTree) | undefined;
}

export interface ItemToPlace<Item extends SingleLayer = SingleLayer> {
  readonly item: Item;
  readonly rules: MetadataRules;
}

export interface PlacedItem {
  readonly item: SingleLayer;
  readonly placement?: Placement;
  readonly tree?: SourcedTree;
  readonly entries: readonly TreeEntry[];
  /** Accounts that the item brings, where it holds /etc/passwd or /etc/group. */
  readonly accounts?: Accounts;
}

/** Undefined where a problem was added instead. */
export function placeItem(planning: Planning, asked: ItemToPlace, below: Below): PlacedItem | undefined {
  const { item, rules } = asked;
  switch (item.kind) {
    case 'dir':
      return placeDir(planning, { item, rules }, below);
    case 'link':
      return placeLink(planning, { item, rules }, below);
    case 'remove':
      return placeRemoved(planning, item, below);
    case 'file':
    case 'copy':
    case 'fetch':
    case 'archive':
    case 'image':
    case 'deb':
    case 'npm':
      return placeTree(planning, asked, below);
    default:
      return assertNever(item);
  }
}

function placeTree(planning: Planning, { item, rules }: ItemToPlace, below: Below): PlacedItem | undefined {
  const tree = sourceTreeOf(planning, item, below.platform);
  const written = item.kind === 'file' ? item.path : (item.to ?? defaultDestination(item, tree));
  const destination = destinationOf(planning, { at: item.at, written }, below.workdir);
  if (tree === undefined || destination === undefined) return undefined;
  const options = { view: below.view, rules };
  const placement =
    item.kind === 'image' && item.to !== undefined
      ? placeSelected(tree, selectedPaths(item), { ...options, destination })
      : placeSource(tree, destination, options);
  const named = namedFiles(item, tree).map(placer(placement));
  if (addOverFolder(planning, { at: item.at, cure: cureOverFolder(item, written), files: named }, below.view))
    return undefined;
  const invents = item.kind === 'copy' || item.kind === 'npm';
  const entries = invents ? keptFolders(tree, placement, below.view) : [];
  return { item, placement, tree, entries, ...accountsOf(item, tree, placement) };
}

/** A source that failed has its diagnostics already; the snapshot then has no tree, and nothing is planned. */
export function sourceTreeOf(
  planning: Planning,
  item: SingleLayer,
  platform: Platform,
): SourceTree | undefined {
  if (item.kind === 'file') return inlineTree(item);
  const request = sourceRequest(item, platform);
  if (request === undefined) throw new Bug(`a ${item.kind} layer has no source`);
  return planning.snapshot.sources[requestKey(request)];
}

function defaultDestination(item: SingleLayer, tree: SourceTree | undefined): string {
  if (item.kind === 'archive' || item.kind === 'image' || item.kind === 'deb') return '/';
  return tree?.single === true ? './' : '.';
}

/** `to` as an image path: relative ones start at the working folder. */
function destinationOf(
  planning: Planning,
  to: { readonly at: string; readonly written: string },
  workdir: ImagePath,
): Destination | undefined {
  const parsed = parseImagePath(to.written);
  if (!parsed.ok) {
    addOutside(planning, to.at, to.written);
    return undefined;
  }
  const path = to.written.startsWith('/') ? parsed.path : joinPath(workdir, parsed.path);
  const problem = reservedPathProblem(to.written, path);
  if (problem !== undefined) {
    addError(planning, to.at, problem);
    return undefined;
  }
  return { path, isFolder: /(^|\/)\.?$/.test(to.written) };
}

function selectedPaths(item: ImageLayer): ImagePath[] {
  return item.from.flatMap((path) => {
    const parsed = parseImagePath(path);
    return parsed.ok ? [parsed.path] : [];
  });
}

function cureOverFolder(item: SingleLayer, written: string): string {
  const folder = escapeText(written.replace(/\/{1,4096}$/, ''));
  if (item.kind === 'file') return `to put it into the folder, write its name too: \`file: ${folder}/NAME\``;
  return written.endsWith('/') ? 'put it elsewhere' : `to put it into the folder, write \`to: ${folder}/\``;
}

/** The files that the recipe names themselves, and not only a folder that holds them. */
function namedFiles(item: SingleLayer, source: SourceTree): ImagePath[] {
  const { single } = source;
  const selected = item.kind === 'image' && item.to !== undefined ? selectedPaths(item) : [];
  const isNamed = (path: ImagePath): boolean => single || selected.includes(path);
  if (!single && selected.length === 0) return [];
  return source.tree.entries
    .filter(({ type, path }) => type !== 'directory' && isNamed(path))
    .map(({ path }) => path);
}

/**
 * `copy` and `npm` invent their folders' metadata, so a folder that the image has already keeps its own (/tmp stays
 * 1777), and `to` itself, where it is new, is made by the rules. Of a folder that comes out the same either way nothing
 * is said, so that of packages that are spread over layers none depends on what the others hold.
 */
function keptFolders(tree: SourceTree, placement: Placement, view: FolderView): TreeEntry[] {
  if (placement.rename !== undefined) return [];
  const place = placer(placement);
  const folders = tree.tree.entries
    .filter((entry) => entry.type === 'directory')
    .map((entry) => place(entry.path));
  const made = folderMaker(placement.rules);
  const kept = folders
    .flatMap((path) => view.folder(path) ?? [])
    .filter((one) => differs(one, made(one.path)));
  if (placement.to === rootPath || folders.includes(placement.to)) return kept;
  return [...kept, view.folder(placement.to) ?? made(placement.to)];
}

function folderMaker(rules: MetadataRules): (path: ImagePath) => DirectoryEntry {
  return (path) => {
    const plain = plainFolder(path);
    const mode = rules.dirMode ?? plain.mode;
    return { ...plain, ...rules.owner, mode, mtime: rules.mtime ?? plain.mtime };
  };
}

function differs(one: DirectoryEntry, other: DirectoryEntry): boolean {
  return canonicalJson(one) !== canonicalJson(other);
}

/** What the item brings of the accounts files: out of a tree, or written in the recipe. */
function accountsOf(item: SingleLayer, tree: SourceTree, placement: Placement): { accounts?: Accounts } {
  const place = placer(placement);
  const accounts = accountTexts((name) => {
    const path = accountPath(name);
    const text = item.kind === 'file' && item.encoding === 'text' ? item.content : tree[name];
    return place(path) === path ? text : undefined;
  });
  return Object.keys(accounts).length === 0 ? {} : { accounts };
}

function placeDir(planning: Planning, asked: ItemToPlace<DirLayer>, below: Below): PlacedItem | undefined {
  const { item, rules } = asked;
  const destination = destinationOf(planning, { at: item.at, written: item.path }, below.workdir);
  if (destination === undefined) return undefined;
  const folder = plainFolder(below.view.resolve(destination.path));
  const mode = rules.dirMode ?? rules.mode ?? folder.mode;
  const xattrs = rules.xattrs === undefined ? {} : { xattrs: rules.xattrs };
  const entry = { ...folder, ...rules.owner, mode, mtime: rules.mtime ?? folder.mtime, ...xattrs };
  return { item, entries: [entry] };
}

function placeLink(planning: Planning, asked: ItemToPlace<LinkLayer>, below: Below): PlacedItem | undefined {
  const { item, rules } = asked;
  const path = namedPath(planning, { at: item.at, written: item.path }, below);
  if (path === undefined) return undefined;
  const plain = { ...plainFolder(path), ...rules.owner, mtime: rules.mtime ?? { seconds: 0 } };
  if (!item.hard) return { item, entries: [{ ...plain, type: 'symlink', mode: 0o777, target: item.target }] };
  const target = namedPath(planning, { at: item.at, written: item.target }, below);
  if (target === undefined) return undefined;
  return { item, entries: [{ ...plain, type: 'hardlink', mode: rules.mode ?? 0o644, target }] };
}

function placeRemoved(planning: Planning, item: RemoveLayer, below: Below): PlacedItem | undefined {
  if (below.isEmpty) {
    addWarning(planning, item.at, {
      code: 'plan/nothing-to-remove',
      message: '`remove` has no layer below it, so there is nothing that it could remove',
      help: 'leave it out, or name the base that holds it with `from`',
    });
  }
  const paths = item.paths.map((written) => namedPath(planning, { at: item.at, written }, below));
  const known = paths.filter((path) => path !== undefined);
  if (known.length !== paths.length) return undefined;
  return { item, entries: known.map((path) => ({ type: 'removed', path })) };
}

/** A path whose folder is found through links and whose last component is not; never the root itself. */
function namedPath(
  planning: Planning,
  named: { readonly at: string; readonly written: string },
  below: Below,
): ImagePath | undefined {
  const destination = destinationOf(planning, named, below.workdir);
  if (destination === undefined) return undefined;
  if (destination.path === rootPath) {
    addOutside(planning, named.at, named.written);
    return undefined;
  }
  const folder = below.view.resolve(parentPath(destination.path));
  return joinPath(folder, baseName(destination.path) as ImagePath);
}

function addOutside(planning: Planning, at: string, written: string): void {
  addError(planning, at, {
    code: 'recipe/path-outside-image',
    message: `${quoteText(written)} names nothing below the image’s root`,
    help: 'write a path below `/` without `..`',
  });
}
