/**
 * Owner, mode, time and attributes of entries that were just made. The owner comes first, since chown(2) takes setuid
 * and capabilities away. Nothing is followed, and what somebody put in an entry's place meanwhile gets no mode.
 */
import {
  chmodSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  futimesSync,
  lchownSync,
  lutimesSync,
  type Stats,
  utimesSync,
} from 'node:fs';
import { mapId } from '../../core/oci/runtime-confinement.ts';
import type { IdMapOption } from '../../core/oci/runtime-options.ts';
import type { Metadata, Timestamp } from '../../core/tree/file-tree.ts';
import { errorCode } from '../store/file-problem.ts';
import { refusedEntry } from './bundle-error.ts';
import type { ExtendedAttributes, Xattrs } from './extended-attributes.ts';
import { FineTimes, isTimeKept, isWhole, nodeTime, setFineTimes } from './fine-times.ts';
import { descriptorPath, type HeldFolder, type Spot, spotFile, spotPath, withNode } from './held-folder.ts';
import type { NewNodes } from './new-nodes.ts';
import type { Shortfalls } from './shortfalls.ts';

const permissionBits = 0o7777;
const privateMode = 0o600;
/** (uid_t) -1, which tells chown(2) to leave the owner as it is. */
const noId = 2 ** 32 - 1;

type Owner = Pick<Metadata, 'uid' | 'gid'>;

export class NodeMetadata {
  readonly #attributes: ExtendedAttributes;
  readonly #fineTimes = new FineTimes();
  readonly #newNodes: NewNodes;
  readonly #shortfalls: Shortfalls;
  readonly #idmap: IdMapOption | undefined;
  readonly #user = process.geteuid?.();
  readonly #group = process.getegid?.();

  constructor(
    attributes: ExtendedAttributes,
    newNodes: NewNodes,
    { shortfalls, idmap }: { readonly shortfalls: Shortfalls; readonly idmap: IdMapOption | undefined },
  ) {
    this.#attributes = attributes;
    this.#newNodes = newNodes;
    this.#shortfalls = shortfalls;
    this.#idmap = idmap;
  }

  /** The mode to make a regular file with: its own where that is all it needs, else open to us alone. */
  fileMode({ mode }: Metadata): number {
    return this.#newNodes.haveMode(mode) ? mode : privateMode;
  }

  /** A regular file that was made with its `fileMode`, by its descriptor. */
  settleFile(fd: number, spot: Spot, metadata: Metadata): void {
    this.#setOwner(spot, metadata, (uid, gid) => {
      fchownSync(fd, uid, gid);
    });
    this.#setAttributes(spot, metadata.xattrs);
    if (!this.#newNodes.haveMode(metadata.mode)) fchmodSync(fd, metadata.mode & permissionBits);
    futimesSync(fd, nodeTime(metadata.mtime), nodeTime(metadata.mtime));
    this.noteTime(spot, metadata.mtime);
  }

  /** A link, by its name: it has an owner and times, but no mode. */
  settleLink(spot: Spot, metadata: Metadata): void {
    this.#setLinkOwner(spot, metadata);
    this.#setAttributes(spot, metadata.xattrs);
    this.#setTime(spot, metadata.mtime);
  }

  /** A fifo or device. */
  settleSpecialNode(spot: Spot, metadata: Metadata): void {
    this.#setLinkOwner(spot, metadata);
    this.#setAttributes(spot, metadata.xattrs);
    withNode(spotFile(spot), (fd) => {
      if (!isSpecial(fstatSync(fd))) throw refusedEntry(spotPath(spot), 'it was replaced while it was made');
      chmodSync(descriptorPath(fd), metadata.mode & permissionBits);
    });
    this.#setTime(spot, metadata.mtime);
  }

  /** The attributes of a folder that may have others from an earlier layer. */
  replaceAttributes(spot: Spot, xattrs: Xattrs): void {
    this.#attributes.replace(spot, xattrs, (missed) => {
      this.#shortfalls.count('xattrs', spotPath(spot), missed);
    });
  }

  /** A folder, when all that is in it stands. */
  settleFolder(folder: HeldFolder, metadata: Metadata): void {
    this.#setFineTimes(folder);
    const path = descriptorPath(folder.fd);
    this.#setLinkOwner({ folder, name: '.' }, metadata);
    // These follow the descriptor to the folder that it holds, and no further.
    chmodSync(path, metadata.mode & permissionBits);
    utimesSync(path, nodeTime(metadata.mtime), nodeTime(metadata.mtime));
  }

  /** Remembers a time with a fraction, and looks whether the file system kept the whole seconds. */
  noteTime(spot: Spot, mtime: Timestamp): void {
    const kept = isWhole(mtime)
      ? isTimeKept(spotFile(spot), mtime)
      : this.#fineTimes.add(spot.folder.path, spot.name, mtime);
    if (!kept) this.#shortfalls.count('times', spotPath(spot));
  }

  /** Sets the times with fractions of what stands in a folder. */
  #setFineTimes(folder: HeldFolder): void {
    for (const name of setFineTimes(folder, this.#fineTimes.take(folder.path))) {
      this.#shortfalls.count('times', spotPath({ folder, name }));
    }
  }

  /** The root's own time stands in no folder above it. */
  settleRootTime(root: HeldFolder, mtime: Timestamp): void {
    this.noteTime({ folder: root, name: '.' }, mtime);
    this.#setFineTimes(root);
  }

  #setLinkOwner(spot: Spot, metadata: Metadata): void {
    this.#setOwner(spot, metadata, (uid, gid) => {
      lchownSync(spotFile(spot), uid, gid);
    });
  }

  #setOwner(spot: Spot, metadata: Metadata, chown: (uid: number, gid: number) => void): void {
    const { uid, gid } = this.#ownerOutside(metadata);
    if (!this.#mayGiveAway(uid, gid)) {
      this.#shortfalls.count('owners', spotPath(spot));
      return;
    }
    if (this.#user !== 0 || this.#newNodes.haveOwner({ uid, gid })) return;
    try {
      chown(uid, gid);
    } catch (error) {
      // EPERM: root without CAP_CHOWN. EINVAL: an id that this user namespace does not map.
      if (errorCode(error) !== 'EPERM' && errorCode(error) !== 'EINVAL') throw error;
      this.#shortfalls.count('owners', spotPath(spot));
    }
  }

  /** Whom it belongs to as this computer sees it; an id that is not mapped is nobody's. */
  #ownerOutside({ uid, gid }: Owner): Owner {
    if (this.#idmap === undefined) return { uid, gid };
    const { uids, gids } = this.#idmap;
    return { uid: mapId(uids, uid) ?? noId, gid: mapId(gids, gid) ?? noId };
  }

  #mayGiveAway(uid: number, gid: number): boolean {
    if (this.#user === 0) return uid !== noId && gid !== noId;
    return uid === this.#user && gid === this.#group;
  }

  #setAttributes(spot: Spot, xattrs: Xattrs | undefined): void {
    if (xattrs === undefined) return;
    this.#attributes.set(spot, xattrs, (missed) => {
      this.#shortfalls.count('xattrs', spotPath(spot), missed);
    });
  }

  #setTime(spot: Spot, mtime: Timestamp): void {
    lutimesSync(spotFile(spot), nodeTime(mtime), nodeTime(mtime));
    this.noteTime(spot, mtime);
  }
}

function isSpecial(stats: Stats): boolean {
  return stats.isFIFO() || stats.isBlockDevice() || stats.isCharacterDevice();
}
