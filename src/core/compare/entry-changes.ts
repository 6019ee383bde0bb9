/** What a layer has of the recipe itself, as it was and as it is: folders, links, removals. */
import type { TreeEntry } from '../tree/file-tree.ts';
import { isWhiteout } from '../tree/whiteout-entry.ts';
import { type Change, changeOf, isSame, octalMode } from './change.ts';

/** By the kinds and paths of the entries. */
export function entryChanges(before: readonly TreeEntry[], now: readonly TreeEntry[]): Change[] {
  const old = new Map(before.map((entry) => [entryName(entry), entry]));
  const current = new Map(now.map((entry) => [entryName(entry), entry]));
  const names = new Set([...old.keys(), ...current.keys()]);
  return [...names].flatMap((name): Change[] => {
    const [was, is] = [old.get(name), current.get(name)];
    const [field = '', key = ''] = name.split('\0');
    if (isSame(was, is)) return [];
    if (field === 'remove') return [{ change: was === undefined ? 'added' : 'removed', field, key }];
    return [changeOf({ field, key }, was && entryFacts(was), is && entryFacts(is))];
  });
}

function entryName(entry: TreeEntry): string {
  const field = isWhiteout(entry) ? 'remove' : entry.type === 'directory' ? 'folder' : 'link';
  return `${field}\0/${entry.path}`;
}

/** `0755 0:0`, and the time where there is one; of a link where it leads. */
function entryFacts(entry: TreeEntry): string {
  if (!('mode' in entry)) return entry.type;
  const { uid, gid, mtime } = entry;
  const owner = `${String(uid)}:${String(gid)}`;
  const time = mtime.seconds === 0 ? '' : ` mtime ${String(mtime.seconds)}`;
  const what = 'target' in entry ? entry.target : octalMode(entry.mode);
  return 'target' in entry && owner === '0:0' ? `${what}${time}` : `${what} ${owner}${time}`;
}
