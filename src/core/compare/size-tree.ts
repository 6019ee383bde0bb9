/**
 * The files of a report as nested folders with their sizes: what a treemap draws. Grouped by layer, the top holds one
 * node for each layer, and a path that two layers have stands in both; grouped by folder, the root file system stands
 * as it is seen, with what the previous image had and this one has no more; grouped by package, the same files stand
 * below their packages, an npm package's by their paths in it.
 */
import type { Change, Report, ReportFile } from './report.ts';

export type Grouping = 'layers' | 'folders' | 'packages';

/** Every file, or those alone that differ from the previous image. */
export type Scope = 'all' | 'changes';

export interface SizeNode {
  /** A component of a path, several of them where each folder holds only the next, or a layer's label. */
  readonly name: string;
  /** Unique in the tree; a folder's is what those below it begin with. */
  readonly id: string;
  /** Bytes of all files below. */
  readonly size: number;
  /** How many files there are below, by what became of them. */
  readonly counts: Readonly<Record<Change, number>>;
  /** Position in the report's `files`; folders and layers have none. */
  readonly file?: number;
  /** Position in the report's `layers`, for a layer's own node. */
  readonly layer?: number;
  /** Position in the report's `packages`, for a package's own node. */
  readonly package?: number;
  /** Largest first, equal ones by name. */
  readonly children: readonly SizeNode[];
}

export type SizedReport = Pick<Report, 'layers' | 'files' | 'packages'>;

export function sizeTree(report: SizedReport, grouping: Grouping, scope: Scope = 'all'): SizeNode {
  const root = newFolder('', '');
  report.files.forEach((file, index) => {
    if (file.type === 'directory' || (scope === 'changes' && file.change === 'same')) return;
    if (grouping !== 'layers' && file.hiddenBy !== undefined) return;
    addFile(topOf(root, grouping, { file, report }), { file, index, path: pathIn(file, grouping, report) });
  });
  return finished(root);
}

interface Growing {
  readonly name: string;
  readonly id: string;
  readonly layer?: number;
  readonly package?: number;
  readonly folders: Map<string, Growing>;
  readonly leaves: SizeNode[];
}

function newFolder(name: string, id: string): Growing {
  return { name, id, folders: new Map(), leaves: [] };
}

interface Placed {
  readonly file: ReportFile;
  readonly report: SizedReport;
}

function topOf(root: Growing, grouping: Grouping, { file, report }: Placed): Growing {
  if (grouping === 'folders') return root;
  const key = groupKey(file, grouping);
  const known = root.folders.get(key);
  if (known !== undefined) return known;
  const group = grouping === 'layers' ? layerGroup(key, file, report) : packageGroup(key, file, report);
  root.folders.set(key, group);
  return group;
}

/** What only the previous image has stands in a group of its own. */
function layerGroup(key: string, { layer }: ReportFile, { layers }: SizedReport): Growing {
  if (layer === undefined) return newFolder('no more in the image', `${key}:`);
  return { ...newFolder(layers[layer]?.label ?? key, `${key}:`), layer };
}

/** What belongs to no package stands in a group of its own. */
function packageGroup(key: string, { package: at }: ReportFile, { packages }: SizedReport): Growing {
  const found = at === undefined ? undefined : packages[at];
  if (at === undefined || found === undefined) return newFolder('no package', `${key}:`);
  return { ...newFolder(`${found.name} ${found.version}`, `${key}:`), package: at };
}

/** The path below the group. */
function pathIn({ path, package: at }: ReportFile, grouping: Grouping, { packages }: SizedReport): string {
  const found = grouping === 'packages' && at !== undefined ? packages[at] : undefined;
  return found?.kind === 'npm' ? path.slice(found.place.length + 1) : path;
}

interface AddedFile {
  readonly file: ReportFile;
  readonly index: number;
  readonly path: string;
}

function addFile(top: Growing, { file, index, path }: AddedFile): void {
  const components = path.split('/');
  const name = components.pop() ?? '';
  let folder = top;
  for (const component of components) {
    const below = folder.folders.get(component) ?? newFolder(component, `${folder.id}${component}/`);
    folder.folders.set(component, below);
    folder = below;
  }
  const counts = { ...noCounts, [file.change]: 1 };
  folder.leaves.push({ name, id: `${folder.id}${name}`, size: file.size, counts, file: index, children: [] });
}

const noCounts: Readonly<Record<Change, number>> = { added: 0, changed: 0, removed: 0, same: 0 };

function finished(folder: Growing): SizeNode {
  const children = [...[...folder.folders.values()].map(finished), ...folder.leaves].sort(largerFirst);
  const [only] = children;
  if (isFolder(folder) && children.length === 1 && only !== undefined && only.file === undefined)
    return { ...only, name: `${folder.name}/${only.name}` };
  return {
    name: folder.name,
    id: folder.id,
    size: children.reduce((sum, { size }) => sum + size, 0),
    counts: addCounts(children),
    ...(folder.layer === undefined ? {} : { layer: folder.layer }),
    ...(folder.package === undefined ? {} : { package: folder.package }),
    children,
  };
}

/** A folder is joined with the only folder in it; the root and the groups stand for themselves. */
function isFolder({ id }: Growing): boolean {
  return id.endsWith('/');
}

function addCounts(nodes: readonly SizeNode[]): Record<Change, number> {
  const sum = { ...noCounts };
  for (const { counts } of nodes) {
    sum.added += counts.added;
    sum.changed += counts.changed;
    sum.removed += counts.removed;
    sum.same += counts.same;
  }
  return sum;
}

function largerFirst(a: SizeNode, b: SizeNode): number {
  if (a.size !== b.size) return b.size - a.size;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** The id of a file's node. */
export function nodeId(file: ReportFile, grouping: Grouping, report: SizedReport): string {
  const path = pathIn(file, grouping, report);
  return grouping === 'folders' ? path : `${groupKey(file, grouping)}:${path}`;
}

function groupKey({ layer, package: at }: ReportFile, grouping: Grouping): string {
  if (grouping === 'packages') return at === undefined ? 'none' : String(at);
  return layer === undefined ? 'removed' : String(layer);
}

/** How many files stand below. */
export function fileCount({ counts }: SizeNode): number {
  return counts.added + counts.changed + counts.removed + counts.same;
}

/** What became of the files below, if it is the same for all; `changed` where it is not. */
export function changeOf(node: SizeNode): Change {
  const total = fileCount(node);
  for (const change of ['same', 'added', 'removed'] as const)
    if (node.counts[change] === total) return change;
  return 'changed';
}

/** The nodes from below the root to the one with this id; empty where there is none. */
export function pathTo(root: SizeNode, id: string): readonly SizeNode[] {
  for (const child of root.children) {
    if (child.id === id) return [child];
    if (child.file === undefined && id.startsWith(child.id)) return [child, ...pathTo(child, id)];
  }
  return [];
}
