/**
 * What a node that was just made already has by itself, so that what is right is not set again: each call saved counts
 * tens of thousands of times. The owner depends on the user, on setgid folders and on the mount, the mode on the umask
 * and on inherited ACLs; so two nodes are made and looked at, and nothing is assumed once attributes may play a part.
 */
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  rmdirSync,
  type Stats,
  unlinkSync,
} from 'node:fs';
import type { Metadata } from '../../core/tree/file-tree.ts';
import type { ExtendedAttributes } from './extended-attributes.ts';
import { descriptorPath, openFolder, pathBelow } from './held-folder.ts';

/** What is made with `mode` has `mode & keptMode`; no bit of setuid, setgid and sticky is ever counted on. */
interface Given {
  readonly uid: number;
  readonly gid: number;
  readonly keptMode: number;
}

const newFile = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
const permissions = 0o777;
const specialBits = 0o7000;

export class NewNodes {
  readonly #attributes: ExtendedAttributes;
  readonly #given: Given | undefined;

  /** `root` is to be filled, `spare` is an empty and private folder made beside it; both are open. */
  constructor(attributes: ExtendedAttributes, root: number, spare: number) {
    this.#attributes = attributes;
    this.#attributes.lookFor(descriptorPath(root));
    this.#given = this.#makeAndLook(fstatSync(root), spare);
  }

  /** Whether what was just made belongs to this owner. */
  haveOwner({ uid, gid }: Pick<Metadata, 'uid' | 'gid'>): boolean {
    const given = this.#settled();
    return given !== undefined && uid === given.uid && gid === given.gid;
  }

  /** Whether what was just made with this mode has it. */
  haveMode(mode: number): boolean {
    const given = this.#settled();
    return given !== undefined && (mode & ~given.keptMode) === 0;
  }

  #settled(): Given | undefined {
    return this.#attributes.mayBeThere ? undefined : this.#given;
  }

  #makeAndLook(root: Stats, spare: number): Given | undefined {
    const path = pathBelow(spare, 'layerwright-new');
    mkdirSync(path, permissions);
    const folder = openFolder(path);
    try {
      const file = lookAtFile(folder);
      const made = fstatSync(folder);
      this.#attributes.lookFor(descriptorPath(folder));
      if (![root, made].every((one) => isLike(one, file))) return undefined;
      return { uid: file.uid, gid: file.gid, keptMode: made.mode & file.mode & permissions };
    } finally {
      closeSync(folder);
      rmdirSync(path);
    }
  }
}

function lookAtFile(folder: number): Stats {
  const path = pathBelow(folder, 'file');
  const fd = openSync(path, newFile, permissions);
  try {
    return fstatSync(fd);
  } finally {
    closeSync(fd);
    unlinkSync(path);
  }
}

/** Whether a folder has the file's owner and is not setgid: then all that is made in it has that owner. */
function isLike(folder: Stats, { uid, gid }: Stats): boolean {
  return folder.uid === uid && folder.gid === gid && (folder.mode & specialBits) === 0;
}
