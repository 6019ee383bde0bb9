/**
 * The packages of a closure as file trees, one for each layer they go to: the files of each where it stands, the links to
 * their commands, and every folder above. Folders are the same in each tree that has them.
 */
import { digestOf } from '../digest/digest.ts';
import { toBase64 } from '../digest/base64.ts';
import { compareEntries } from '../tree/check-tree.ts';
import { type ContentSource, emptyContents, type SourcedTree, type TreeEntry } from '../tree/file-tree.ts';
import { foldersAboveAll, type ImagePath, joinPath, rootPath } from '../tree/image-path.ts';
import { commandLinks, type PackageCommand } from './command-links.ts';
import type { PackageFile, PackageTree } from './package-files.ts';

export interface PackageToLay {
  /** '' for the project's own files. */
  readonly place: string;
  /** Undefined where its files are among those of the package that it is bundled with. */
  readonly tree: PackageTree | undefined;
  readonly sourceOf: (file: PackageFile) => ContentSource;
  readonly isLocal: boolean;
  readonly commands: readonly PackageCommand[];
  /** The tree that it goes to, from 0. */
  readonly part: number;
}

interface Claim {
  readonly part: number;
  /** Absent for a folder. */
  readonly file?: PackageFile;
  readonly source?: ContentSource;
}

export function layPackages(packages: readonly PackageToLay[], parts: number): SourcedTree[] {
  const claims = claimsOf(packages);
  const links = commandLinks(packages, (path) => claims.has(path as ImagePath));
  const commands = new Set(links.map(({ file }) => file));
  const parted = packages.map(({ place, part }) => [place, part] as const);
  const partOf = new Map(parted);
  const drafts = Array.from({ length: parts }, () => newDraft());
  for (const [path, claim] of claims) {
    const draft = drafts[claim.part];
    if (draft === undefined) continue;
    if (claim.file === undefined) draft.folders.add(path);
    else if (commands.has(path)) addCommand(draft, path, claim);
    else addFile(draft, path, claim);
  }
  for (const { of, path, target } of links) {
    drafts[partOf.get(of) ?? 0]?.entries.push({
      type: 'symlink',
      path: path as ImagePath,
      mode: 0o777,
      target,
      ...plain,
    });
  }
  return drafts.map(finish);
}

const plain = { uid: 0, gid: 0, mtime: { seconds: 0 } } as const;

interface Draft {
  readonly entries: TreeEntry[];
  readonly folders: Set<ImagePath>;
  readonly contents: ReturnType<typeof emptyContents>;
}

function newDraft(): Draft {
  return { entries: [], folders: new Set(), contents: emptyContents() };
}

/** What stands where. A package's folder is its own: what another one brings for it is passed over. */
function claimsOf(packages: readonly PackageToLay[]): Map<ImagePath, Claim> {
  const own = new Set(packages.flatMap(({ place, tree }) => (tree === undefined ? [] : [place])));
  const claims = new Map<ImagePath, Claim>();
  for (const { place, tree, sourceOf, part } of packages) {
    if (tree === undefined) continue;
    const at = (path: ImagePath): ImagePath => joinPath(place as ImagePath, path);
    if (place !== '') claims.set(place as ImagePath, { part });
    for (const folder of tree.folders)
      if (!isAnothers(own, at(folder), place)) claims.set(at(folder), { part });
    for (const file of tree.files) {
      const path = at(file.path);
      if (!isAnothers(own, path, place)) claims.set(path, { part, file, source: sourceOf(file) });
    }
  }
  return claims;
}

function isAnothers(own: ReadonlySet<string>, path: string, place: string): boolean {
  let slash = path.indexOf('/node_modules/', place.length);
  for (; slash >= 0; slash = path.indexOf('/node_modules/', slash + 1)) {
    const start = slash + '/node_modules/'.length;
    const name = /^(?:@[^/]+\/)?[^/]+/.exec(path.slice(start))?.[0] ?? '';
    if (own.has(path.slice(0, start + name.length))) return true;
  }
  return false;
}

function addFile(draft: Draft, path: ImagePath, { file, source }: Claim): void {
  if (file === undefined || source === undefined) return;
  const { mode, size, digest } = file;
  draft.entries.push({ type: 'file', path, mode, size, digest, ...plain });
  draft.contents[path] = source;
}

/** bin-links fix-bin.js: executable by all, its first line as Unix reads it. */
function addCommand(draft: Draft, path: ImagePath, claim: Claim): void {
  const { file } = claim;
  if (file === undefined) return;
  const { script } = file;
  if (script === undefined) {
    addFile(draft, path, { ...claim, file: { ...file, mode: 0o755 } });
    return;
  }
  const bytes = new TextEncoder().encode(script);
  const content = { size: bytes.length, digest: digestOf(bytes) };
  draft.entries.push({ type: 'file', path, mode: 0o755, ...content, ...plain });
  draft.contents[path] = { in: 'literal', base64: toBase64(bytes) };
}

function finish({ entries, folders, contents }: Draft): SourcedTree {
  const above = foldersAboveAll([...folders, ...entries.map(({ path }) => path)]);
  for (const folder of above) folders.add(folder);
  folders.delete(rootPath);
  // A part without a package would be a layer of nothing.
  if (entries.length === 0) folders.add('node_modules' as ImagePath);
  for (const path of folders) entries.push({ type: 'directory', path, mode: 0o755, ...plain });
  return { tree: { entries: entries.sort(compareEntries) }, contents };
}
