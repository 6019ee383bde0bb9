/** How a root of ours differs from one of Debian's own tools, but for what each adds: that is listed here. */
import type { ListedNode } from './tree-listing.ts';

type Tree = ReadonlyMap<string, ListedNode>;

/** What mmdebstrap adds of its own: devices, apt's and dpkg's folders, and settings of the machine that it ran on. */
const theirs =
  /^(?:dev|tmp|etc[/](?:apt|dpkg|fstab|hostname|resolv[.]conf)|var[/](?:cache|lib|log))(?:[/]|$)/;

/** What we add: what scanners read, and what maintainer scripts would have made. */
const ours = /^(?:var[/]lib(?:$|[/]dpkg(?:[/]|$))|etc[/]ssl[/]certs[/]|etc[/]ca-certificates[.]conf$)/;

export function isOurs(path: string): boolean {
  return ours.test(path);
}

/** Whether one of the two adds it. */
export function isAdded(path: string): boolean {
  return theirs.test(path) || ours.test(path);
}

/**
 * A line for each path that is compared and differs: in type, mode, owner, time, content, target or hard link. But for
 * the times of folders, which are those of the first package here and of the last there, and of links to a merged /usr.
 */
export function differences(one: Tree, other: Tree, isCompared: (path: string) => boolean): string[] {
  const paths = [...new Set([...one.keys(), ...other.keys()])].filter(isCompared).sort();
  return paths
    .filter((path) => text(one.get(path)) !== text(other.get(path)))
    .map((path) => `${path}: ${text(one.get(path))} and ${text(other.get(path))}`);
}

function text(node: ListedNode | undefined): string {
  if (node === undefined) return 'nothing';
  return JSON.stringify(node.type === 'directory' || isMerging(node) ? { ...node, mtime: '' } : node);
}

/** `/bin -> usr/bin` and its like. */
function isMerging({ target }: ListedNode): boolean {
  return target !== undefined && /^usr[/](?:bin|lib|lib64|sbin)$/.test(target);
}
