/** What stands in a folder, as plain values: for comparing trees, and for seeing that one did not change. */
import { createHash } from 'node:crypto';
import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface ListedNode {
  readonly type: string;
  readonly mode: string;
  readonly owner: string;
  /** Nanoseconds; folders and links too. */
  readonly mtime: string;
  readonly content?: string;
  readonly target?: string;
  readonly device?: string;
  /** Paths of the same inode, the first of them. */
  readonly sameAs?: string;
  readonly xattrs?: Readonly<Record<string, string>>;
}

interface Xattrs {
  listAttributesSync(path: string): string[];
  getAttributeSync(path: string, name: string): Buffer | null;
}

/** Every node below the folder by its path, the folder itself as ''; names byte for byte, as latin1 text. */
export function listTree(
  folder: string,
  skip: (path: string) => boolean = () => false,
): Map<string, ListedNode> {
  const nodes = new Map<string, ListedNode>();
  const inodes = new Map<string, string>();
  const visit = (path: string): void => {
    if (skip(path)) return;
    const file = Buffer.concat([Buffer.from(folder), Buffer.from(path === '' ? '' : `/${path}`, 'latin1')]);
    const stats = lstatSync(file, { bigint: true });
    const inode = `${String(stats.dev)}:${String(stats.ino)}`;
    const sameAs = stats.isDirectory() ? undefined : inodes.get(inode);
    inodes.set(inode, inodes.get(inode) ?? path);
    nodes.set(path, {
      type: typeOf(stats),
      mode: (Number(stats.mode) & 0o7777).toString(8),
      owner: `${String(stats.uid)}:${String(stats.gid)}`,
      mtime: String(stats.mtimeNs),
      ...(stats.isFile() ? { content: createHash('sha256').update(readFileSync(file)).digest('hex') } : {}),
      ...(stats.isSymbolicLink() ? { target: readlinkSync(file, { encoding: 'latin1' }) } : {}),
      ...(stats.isBlockDevice() || stats.isCharacterDevice() ? { device: String(stats.rdev) } : {}),
      ...(sameAs === undefined ? {} : { sameAs }),
      ...xattrsOf(file),
    });
    if (!stats.isDirectory()) return;
    const names = readdirSync(file, { encoding: 'latin1' });
    for (const name of names.sort()) visit(path === '' ? name : `${path}/${name}`);
  };
  visit('');
  return nodes;
}

let native: Xattrs | undefined;
try {
  native = createRequire(import.meta.url)('@napi-rs/xattr') as Xattrs;
} catch {
  native = undefined; // An optional dependency.
}

function xattrsOf(file: Buffer): Pick<ListedNode, 'xattrs'> {
  const path = file.toString();
  if (native === undefined || !Buffer.from(path).equals(file)) return {};
  const found: Record<string, string> = {};
  for (const name of native.listAttributesSync(path).sort()) {
    found[name] = (native.getAttributeSync(path, name) ?? Buffer.alloc(0)).toString('base64');
  }
  return Object.keys(found).length === 0 ? {} : { xattrs: found };
}

function typeOf(stats: BigIntStats): string {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  return stats.isBlockDevice() ? 'block-device' : 'character-device';
}

/** The nodes that differ, the first of them, as text; empty where both trees are the same. */
export function differingNodes(
  one: ReadonlyMap<string, Partial<ListedNode>>,
  other: ReadonlyMap<string, Partial<ListedNode>>,
): string[] {
  const paths = [...new Set([...one.keys(), ...other.keys()])].sort();
  const lines = paths.map((path) => [path, JSON.stringify(one.get(path)), JSON.stringify(other.get(path))]);
  return lines
    .filter(([, left, right]) => left !== right)
    .slice(0, 20)
    .map(([path = '', left = 'nothing', right = 'nothing']) => `${path}: ${left} and ${right}`);
}
