/** A root of packages as an effect sees it: what is where, links followed inside it, and contents read when needed. */
import type { NodeEntry, SourcedTree, TreeEntry } from '../../tree/file-tree.ts';
import { followLinks } from '../../tree/follow-links.ts';
import { comparePaths, type ImagePath } from '../../tree/image-path.ts';
import type { WrittenEntry } from '../written-file.ts';

/** The bytes of a regular file of the root. */
export type ReadContent = (path: ImagePath) => Promise<Uint8Array>;

export class PackageRoot {
  private readonly entries: Map<ImagePath, NodeEntry>;
  private readonly read: ReadContent;

  constructor({ tree }: SourcedTree, read: ReadContent) {
    this.entries = new Map(tree.entries.filter(isNode).map((entry) => [entry.path, entry]));
    this.read = read;
  }

  /** What stands at a path once every link on the way, the last one too, is followed. */
  at(path: string): NodeEntry | undefined {
    return this.entries.get(this.locate(path));
  }

  /** Whether anything stands at a path itself, a link included. */
  has(path: string): boolean {
    return this.entries.has(this.place(path));
  }

  /** Where a path leads, the links of its folders followed and its own not. */
  place(path: string): ImagePath {
    const plain = path.replace(/^\/+/, '');
    const slash = plain.lastIndexOf('/');
    const folder = this.locate(plain.slice(0, Math.max(slash, 0)));
    return (folder === '' ? plain.slice(slash + 1) : `${folder}/${plain.slice(slash + 1)}`) as ImagePath;
  }

  /** The paths of regular files in a folder itself that end so, by their bytes. */
  filesIn(folder: string, ending: string): ImagePath[] {
    return this.filesBelow(folder, ending).filter((path) => !path.slice(folder.length + 1).includes('/'));
  }

  filesBelow(folder: string, ending: string): ImagePath[] {
    const inside = [...this.entries.values()].filter(
      ({ path, type }) => type !== 'directory' && path.startsWith(`${folder}/`) && path.endsWith(ending),
    );
    return inside
      .map(({ path }) => path)
      .filter((path) => this.isFile(path))
      .sort(comparePaths);
  }

  /** The bytes of the regular file that a path leads to; undefined where there is none. */
  async bytes(path: string): Promise<Uint8Array | undefined> {
    const entry = this.at(path);
    if (entry?.type === 'hardlink') return this.read(entry.target);
    return entry?.type === 'file' ? this.read(entry.path) : undefined;
  }

  async text(path: string): Promise<string | undefined> {
    const bytes = await this.bytes(path);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  }

  /** What an effect wrote, seen by those that follow. */
  with(written: readonly WrittenEntry[]): void {
    for (const { entry } of written) this.entries.set(entry.path, entry);
  }

  private isFile(path: ImagePath): boolean {
    const type = this.at(path)?.type;
    return type === 'file' || type === 'hardlink';
  }

  private locate(path: string): ImagePath {
    return followLinks((one) => this.entries.get(one), path.replace(/^\/+/, '') as ImagePath);
  }
}

function isNode(entry: TreeEntry): entry is NodeEntry {
  return entry.type !== 'removed' && entry.type !== 'opaque';
}
