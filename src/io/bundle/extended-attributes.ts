/**
 * Extended attributes of entries, by @napi-rs/xattr (an optional dependency: its calls never follow a link). Names that
 * mean something to this computer and not to the image are never taken from an image.
 */
import { renameSync } from 'node:fs';
import { descriptorPath, type Spot, spotFile } from './held-folder.ts';

interface Native {
  listAttributesSync(path: string): string[];
  removeAttributeSync(path: string, name: string): void;
  setAttributeSync(path: string, name: string, value: Uint8Array): void;
}

/** Values as base64, by name. */
export type Xattrs = Readonly<Record<string, string>>;

/** Called with the name of each attribute that is not set. */
export type OnMissed = (name: string) => void;

/** Whether this computer has the module; without it, attributes are left out with a warning. */
export async function hasXattrs(): Promise<boolean> {
  return (await loadNative()) !== undefined;
}

function loadNative(): Promise<Native | undefined> {
  return import('@napi-rs/xattr').catch(() => undefined);
}

export class ExtendedAttributes {
  readonly #native: Native | undefined;
  /** A private folder on the same file system: entries whose name is not UTF-8 are renamed into it meanwhile. */
  readonly #spareFd: number;
  #mayBeThere = false;

  private constructor(native: Native | undefined, spareFd: number) {
    this.#native = native;
    this.#spareFd = spareFd;
  }

  static async load(spareFd: number): Promise<ExtendedAttributes> {
    return new ExtendedAttributes(await loadNative(), spareFd);
  }

  /** Whether a node of the tree may have attributes, ACLs among them: nothing needs to look for them before. */
  get mayBeThere(): boolean {
    return this.#mayBeThere;
  }

  /** Notices attributes that a new node has by itself. */
  lookFor(path: string): void {
    if (this.#native === undefined) return;
    this.#mayBeThere ||= list(this.#native, path).some((attribute) => !isHostOnly(attribute));
  }

  /** Sets the attributes of an entry that has none yet. */
  set(spot: Spot, xattrs: Xattrs, onMissed: OnMissed): void {
    const wanted = Object.keys(xattrs).filter((attribute) => !isHostOnly(attribute));
    if (wanted.length === 0) return;
    this.#mayBeThere = true;
    this.#withTextPath(spot, (path) => {
      for (const attribute of wanted) {
        if (!this.#setOne(path, attribute, xattrs[attribute] ?? '')) onMissed(attribute);
      }
    });
  }

  /** Sets the attributes of a folder and removes those that an earlier layer gave it. */
  replace(spot: Spot, xattrs: Xattrs, onMissed: OnMissed): void {
    const native = this.#native;
    if (native !== undefined && this.#mayBeThere) {
      this.#withTextPath(spot, (path) => {
        for (const attribute of list(native, path)) {
          if (!isHostOnly(attribute) && !Object.hasOwn(xattrs, attribute)) remove(native, path, attribute);
        }
      });
    }
    this.set(spot, xattrs, onMissed);
  }

  #setOne(path: string, attribute: string, base64: string): boolean {
    if (this.#native === undefined || isOverlay(attribute)) return false;
    try {
      this.#native.setAttributeSync(path, attribute, Buffer.from(base64, 'base64'));
      return true;
    } catch {
      // Not permitted, not supported by the file system, or too large for it: counted, as for owners.
      return false;
    }
  }

  /** The native module takes paths as text only. */
  #withTextPath(spot: Spot, use: (path: string) => void): void {
    const path = spotFile(spot);
    if (typeof path === 'string') {
      use(path);
      return;
    }
    const meanwhile = `${descriptorPath(this.#spareFd)}/renamed`;
    renameSync(path, meanwhile);
    try {
      use(meanwhile);
    } finally {
      renameSync(meanwhile, path);
    }
  }
}

// Kernel Documentation/filesystems/overlayfs.rst: these make a folder opaque or redirect it to another place.
function isOverlay(attribute: string): boolean {
  return attribute.startsWith('trusted.overlay.') || attribute.startsWith('user.overlay.');
}

/** Labels of this computer's own policy and of NFS servers: not the image's to say, so not even counted. */
function isHostOnly(attribute: string): boolean {
  return attribute === 'security.selinux' || attribute === 'system.nfs4_acl';
}

function list(native: Native, path: string): string[] {
  try {
    return native.listAttributesSync(path);
  } catch {
    return []; // The file system has none.
  }
}

function remove(native: Native, path: string, attribute: string): void {
  try {
    native.removeAttributeSync(path, attribute);
  } catch {
    // What may not be removed was not ours to set either.
  }
}
