/**
 * What the tar member of an entry says, before it is bytes: names with the slash of a folder, whiteouts as the files
 * that stand for them (image-spec layer.md, Whiteouts and Opaque Whiteout).
 */
import { Bug } from '../diagnostic/bug.ts';
import { quoteText } from '../diagnostic/escape-text.ts';
import type { NodeEntry, Timestamp, TreeEntry } from '../tree/file-tree.ts';
import { baseName, type ImagePath, joinPath, parentPath, pathToBytes } from '../tree/image-path.ts';
import { LayerError } from './layer-error.ts';
import { fields } from './tar-block.ts';
import { fitsOctal } from './tar-number.ts';

export interface Member {
  readonly name: Uint8Array;
  readonly link: Uint8Array;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: Timestamp;
  readonly major: number;
  readonly minor: number;
  readonly xattrs: Readonly<Record<string, string>>;
}

const noBytes = new Uint8Array(0);
const typeflags = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
} as const;

/** An empty file with mode 0, owner 0:0 and time 0, as docker, containerd and umoci write whiteouts. */
export const emptyMember: Omit<Member, 'name'> = {
  link: noBytes,
  type: typeflags.file,
  mode: 0,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: { seconds: 0 },
  major: 0,
  minor: 0,
  xattrs: {},
};

const whiteoutPrefix = '.wh.';
const opaqueName = '.wh..wh..opq' as ImagePath;

/** Throws LayerError `layer/whiteout-name` for a node that a layer would read as a whiteout. */
export function memberOf(entry: TreeEntry): Member {
  if (entry.type === 'opaque') return { ...emptyMember, name: pathToBytes(joinPath(entry.path, opaqueName)) };
  if (entry.type === 'removed') return { ...emptyMember, name: pathToBytes(removedName(entry.path)) };
  if (baseName(entry.path).startsWith(whiteoutPrefix)) throw nameRefusal(entry.path);
  return checked(nodeMember(entry));
}

function removedName(path: ImagePath): ImagePath {
  if (path === '') throw new Bug('the root of an image cannot be removed');
  return joinPath(parentPath(path), `${whiteoutPrefix}${baseName(path)}` as ImagePath);
}

function nameRefusal(path: ImagePath): LayerError {
  return new LayerError(
    'layer/whiteout-name',
    `packing ${quoteText(path)}: a layer reads names that begin with \`.wh.\` as whiteouts`,
    { help: 'rename the file, or use `remove:` if it is meant to remove a file of a lower layer' },
  );
}

function nodeMember(entry: NodeEntry): Member {
  const { mode, uid, gid, mtime } = entry;
  const device = entry.type === 'block-device' || entry.type === 'character-device' ? entry : undefined;
  const link = entry.type === 'symlink' || entry.type === 'hardlink' ? pathToBytes(entry.target) : noBytes;
  return {
    name: pathToBytes(entry.type === 'directory' ? directoryName(entry.path) : entry.path),
    link,
    type: typeflags[entry.type],
    mode,
    uid,
    gid,
    mtime,
    size: entry.type === 'file' ? entry.size : 0,
    major: device?.major ?? 0,
    minor: device?.minor ?? 0,
    xattrs: entry.xattrs ?? {},
  };
}

function directoryName(path: ImagePath): string {
  return path === '' ? './' : `${path}/`;
}

const maxId = 2 ** 32 - 1;

/** Every tree that comes here was checked where it came in; what does not fit a header now is our mistake. */
function checked(member: Member): Member {
  const { mode, uid, gid, size, major, minor } = member;
  const devices = [major, minor].every((number) => fitsOctal(number, fields.major.length));
  const ids = [uid, gid].every((id) => Number.isInteger(id) && id >= 0 && id <= maxId);
  const rest =
    Number.isInteger(mode) && mode >= 0 && mode <= 0o7777 && Number.isSafeInteger(size) && size >= 0;
  if (!devices || !ids || !rest) throw new Bug(`no tar header can hold ${JSON.stringify(member)}`);
  return member;
}
