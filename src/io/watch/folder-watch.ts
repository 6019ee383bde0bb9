/**
 * Watches the places that a snapshot reads, one watch for each folder, and tells that something there has changed: a
 * hint, since what changed is for the snapshot to find out. A place is watched from the moment it is added, so whoever
 * adds it before reading it misses nothing. docs/decisions/0010-folders-are-watched.md says why it is no library.
 *
 * A watch holds on to the folder itself, whatever becomes of its name (inotify(7)). So one whose folder was renamed,
 * removed or replaced is given up, with all below it, and the next round sets it up again under the name.
 */
import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { pathFromBytes } from '../../core/tree/image-path.ts';
import { systemPath } from '../source/context-path.ts';
import type { ReadPlace } from '../source/read-place.ts';
import { errorCode } from '../store/file-problem.ts';
import { noNotice } from './no-notice.ts';

export interface FolderWatchOptions {
  readonly onChange: () => void;
  /** The system watches no more folders (ENOSPC, EMFILE), or none at all; told once. */
  readonly onRefusal: (problem: Diagnostic) => void;
}

interface Watched {
  readonly watcher: FSWatcher;
  readonly identity: string | undefined;
  /** The names that matter; undefined for all of them. */
  names: Set<string> | undefined;
  round: number;
}

export class FolderWatch {
  readonly #options: FolderWatchOptions;
  readonly #folders = new Map<string, Watched>();
  #round = 0;
  #refused = false;

  constructor(options: FolderWatchOptions) {
    this.#options = options;
  }

  /** What is not added between `begin` and `keepAdded` is let go by `keepAdded`. */
  begin(): void {
    this.#round += 1;
  }

  /** Never throws; a folder that is not there is waited for in the one above it. */
  add({ folder, name }: ReadPlace): void {
    const watched = this.#current(folder) ?? this.#open(folder) ?? this.#waitFor(folder);
    if (watched === undefined) return;
    watched.round = this.#round;
    if (name === undefined) watched.names = undefined;
    else watched.names?.add(name);
  }

  keepAdded(): void {
    for (const [folder, watched] of this.#folders) if (watched.round !== this.#round) this.#close(folder);
  }

  /** Whether the system has refused to watch a folder: what changes there is not told. */
  get refused(): boolean {
    return this.#refused;
  }

  /** Folders that are watched. */
  get size(): number {
    return this.#folders.size;
  }

  /** Whether every change of any name in the folder is told; the path is absolute. */
  covers(folder: string): boolean {
    const watched = this.#folders.get(folder);
    return watched !== undefined && watched.names === undefined;
  }

  close(): void {
    for (const folder of this.#folders.keys()) this.#close(folder);
  }

  /** The watch of a folder that still is the one under that name. */
  #current(folder: string): Watched | undefined {
    const watched = this.#folders.get(folder);
    if (watched === undefined || watched.round === this.#round) return watched;
    if (watched.identity === identityOf(folder)) return watched;
    this.#letGo(folder);
    return undefined;
  }

  #open(folder: string): Watched | undefined {
    try {
      const watcher = watch(systemPath(folder, ''), { encoding: 'buffer' });
      const names = new Set<string>();
      const watched: Watched = { watcher, identity: identityOf(folder), names, round: this.#round };
      watcher.on('change', (type, name) => this.#tell(folder, watched, { type, name }));
      watcher.on('error', () => this.#lose(folder, watched));
      this.#folders.set(folder, watched);
      return watched;
    } catch (error) {
      if (!isUnreachable(error)) this.#refuse(error);
      return undefined;
    }
  }

  #waitFor(folder: string): Watched | undefined {
    if (dirname(folder) === folder) return undefined;
    this.add({ folder: dirname(folder), name: basename(folder) });
    // It may have come before it was waited for.
    return this.#open(folder);
  }

  #tell(folder: string, watched: Watched, { type, name }: WatchEvent): void {
    if (this.#folders.get(folder) !== watched) return;
    const text = name === null ? undefined : pathFromBytes(Buffer.from(name));
    if (type === 'rename' && text !== undefined) this.#letGo(`${folder}/${text}`);
    if (text === undefined || watched.names === undefined || watched.names.has(text))
      this.#options.onChange();
  }

  #lose(folder: string, watched: Watched): void {
    if (this.#folders.get(folder) === watched) this.#letGo(folder);
    this.#options.onChange();
  }

  /** Gives up the watch of a folder and of all below it. */
  #letGo(folder: string): void {
    // A folder is watched only where the one above it is, or is the first.
    if (!this.#folders.has(folder)) return;
    this.#close(folder);
    for (const one of this.#folders.keys()) if (one.startsWith(`${folder}/`)) this.#close(one);
  }

  #close(folder: string): void {
    this.#folders.get(folder)?.watcher.close();
    this.#folders.delete(folder);
  }

  #refuse(error: unknown): void {
    if (!this.#refused) this.#options.onRefusal(noNotice(error));
    this.#refused = true;
  }
}

interface WatchEvent {
  readonly type: string;
  readonly name: string | Buffer | null;
}

/** Device and inode; undefined where nothing is there. */
function identityOf(folder: string): string | undefined {
  try {
    const { dev, ino } = statSync(systemPath(folder, ''));
    return `${String(dev)}:${String(ino)}`;
  } catch {
    return undefined;
  }
}

/** What is not there, or may not be looked into, is told by the folder above it. */
function isUnreachable(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP'].includes(errorCode(error) ?? '');
}
