/**
 * Finds folders below a root, one component at a time, as a process would that has the root as its `/`: links on the
 * way are followed inside the root (`..` stops there, absolute targets start there), at most 40 of them, as Linux does.
 * Each folder is opened below its held parent without following anything, so no rename by others leads out.
 *
 * The folders from the root to the last one found stay open: entries of a layer that stand side by side need one open.
 */
import { closeSync, readlinkSync } from 'node:fs';
import { type ImagePath, joinPath, pathFromBytes, rootPath } from '../../core/tree/image-path.ts';
import { errorCode } from '../store/file-problem.ts';
import { refusedEntry } from './bundle-error.ts';
import { type HeldFolder, openFolder, pathBelow, type Spot } from './held-folder.ts';

export type Obstacle = 'missing' | 'not-a-folder';
export type FolderSearch =
  | { readonly found: true; readonly folder: HeldFolder }
  | { readonly found: false; readonly obstacle: Obstacle };

/** Makes a folder where one is needed, in place of whatever stands there. */
export type MakeFolder = (parent: HeldFolder, name: string, obstacle: Obstacle) => void;

type Step = HeldFolder | Obstacle | { readonly target: string };

const maxHops = 40;
/** PATH_MAX: what stands deeper could not be named in the container either. */
const maxPathLength = 4096;

/** Told each name before it is looked up; throws to refuse it. */
export type InspectName = (spot: Spot) => void;

export class FolderChain {
  readonly #held: [HeldFolder, ...HeldFolder[]];
  readonly #inspect: InspectName;

  /** Takes over the descriptor. */
  constructor(rootFd: number, inspect: InspectName) {
    this.#held = [{ fd: rootFd, path: rootPath, name: '' }];
    this.#inspect = inspect;
  }

  get root(): HeldFolder {
    return this.#held[0];
  }

  /**
   * The folder at `path`, links followed in every component. It stays open until the chain is asked again.
   * Without `make` what is not there is reported; with it, it is made. Throws BundleError for a loop of links.
   */
  find(path: ImagePath, make?: MakeFolder): FolderSearch {
    // Most entries stand beside the one before them.
    const last = this.#at(this.#held.length - 1);
    if (last.path === path) return { found: true, folder: last };
    const ahead = componentsOf(path);
    let depth = 0;
    let hops = 0;
    for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
      if (name === '..') {
        depth = Math.max(0, depth - 1);
        continue;
      }
      const step = this.#step(depth, name, path);
      if (typeof step === 'object' && 'fd' in step) {
        depth += 1;
        continue;
      }
      hops += 1;
      if (hops > maxHops) throw refusedEntry(path, `there are more than ${String(maxHops)} links on the way`);
      if (typeof step === 'object') {
        if (step.target.startsWith('/')) depth = 0;
        ahead.push(...componentsOf(step.target));
      } else {
        if (make === undefined) return { found: false, obstacle: step };
        make(this.#at(depth), name, step);
        ahead.push(name);
      }
    }
    return { found: true, folder: this.#at(depth) };
  }

  /** To be told when the folder `name` of `parent` is removed or moved. */
  forget(parent: HeldFolder, name: string): void {
    const depth = this.#held.indexOf(parent);
    if (this.#held[depth + 1]?.name === name) this.#closeFrom(depth + 1);
  }

  close(): void {
    this.#closeFrom(0);
  }

  #at(depth: number): HeldFolder {
    return this.#held[depth] ?? this.root;
  }

  #step(depth: number, name: string, wanted: ImagePath): Step {
    const next = this.#held[depth + 1];
    if (next?.name === name) return next;
    this.#closeFrom(depth + 1);
    const parent = this.#at(depth);
    const path = joinPath(parent.path, name as ImagePath);
    if (path.length > maxPathLength) throw refusedEntry(wanted, 'the path is longer than Linux allows');
    this.#inspect({ folder: parent, name });
    const opened = openStep(parent, name, wanted);
    if (typeof opened !== 'number') return opened;
    const folder = { fd: opened, path, name };
    this.#held.push(folder);
    return folder;
  }

  #closeFrom(depth: number): void {
    for (const folder of this.#held.splice(depth)) closeSync(folder.fd);
  }
}

/** The components in reverse, so that the next one is the last of the list. */
function componentsOf(path: string): string[] {
  const components = path.split('/').filter((component) => component !== '' && component !== '.');
  return components.reverse();
}

function openStep(parent: HeldFolder, name: string, wanted: ImagePath): number | Exclude<Step, HeldFolder> {
  try {
    return openFolder(pathBelow(parent.fd, name));
  } catch (error) {
    switch (errorCode(error)) {
      case 'ENOENT':
        return 'missing';
      case 'ENOTDIR':
      case 'ELOOP':
        return linkAt(parent, name);
      case 'ENAMETOOLONG':
        throw refusedEntry(wanted, 'a name is longer than the file system allows');
      default:
        throw error;
    }
  }
}

function linkAt(parent: HeldFolder, name: string): Obstacle | { readonly target: string } {
  try {
    return { target: pathFromBytes(readlinkSync(pathBelow(parent.fd, name), { encoding: 'buffer' })) };
  } catch (error) {
    // EINVAL: it is no link. ENOENT: somebody removed it meanwhile.
    if (errorCode(error) === 'EINVAL') return 'not-a-folder';
    if (errorCode(error) === 'ENOENT') return 'missing';
    throw error;
  }
}
