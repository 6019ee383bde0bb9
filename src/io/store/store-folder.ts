/**
 * The folder of a store on disk: an OCI image layout (image-spec image-layout.md: `oci-layout`, `index.json`, `blobs/`)
 * with `results/`, `tmp/`, `leases/` and `quarantine/` beside it. It is private (mode 0700): whoever can write results
 * decides what a build contains.
 */
import { accessSync, chmodSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { algorithmOf, type Digest, encodedOf } from '../../core/digest/digest.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { createFolderSync, replaceFile } from './durable-file.ts';
import { isAbsent } from './file-problem.ts';
import { makeFolder } from './make-folder.ts';
import { ownedName } from './process-owner.ts';
import { StoreError, storeErrorOf } from './store-error.ts';

export interface DiskStoreOptions {
  /** `read-only` creates, moves and touches nothing, whatever is found; a folder that is not there is an empty store. */
  readonly access?: 'read-write' | 'read-only';
  /** Told of each corrupt entry, once. */
  readonly onWarning?: (warning: Diagnostic) => void;
  /** Milliseconds since 1970; the system's clock unless a test gives another. Reaches no byte and no key. */
  readonly now?: () => number;
}

export interface StoreFolder {
  readonly path: string;
  /** False for a store opened read-only, and for one whose folder cannot be written. */
  readonly writable: boolean;
  /** When it was opened; what is used after that is never garbage to a build that holds a lease. */
  readonly openedAt: number;
  readonly now: () => number;
  readonly warn: (warning: Diagnostic) => void;
  /** Syncs the folder of blobs of an algorithm; concurrent calls share one sync. */
  readonly syncBlobs: Readonly<Record<'sha256' | 'sha512', () => Promise<void>>>;
  /** Paths that this process has marked as used, or warned of. */
  readonly touched: Set<string>;
}

const parts = ['results', 'tmp', 'leases', 'quarantine', 'blobs/sha256', 'blobs/sha512'] as const;
const knownNames = new Set(['results', 'tmp', 'leases', 'quarantine', 'blobs', 'oci-layout', 'index.json']);
/** What `oci-layout` holds (image-spec image-layout.md, oci-layout file), as every tool writes it. */
export const layoutMarker = '{"imageLayoutVersion":"1.0.0"}';

export function blobPath(folder: StoreFolder, digest: Digest): string {
  return join(folder.path, 'blobs', algorithmOf(digest), encodedOf(digest));
}

export function temporaryPath(folder: StoreFolder): string {
  return join(folder.path, 'tmp', ownedName());
}

/** Opens the folder, creating what is not there. Throws StoreError `store/not-ours`, `store/no-permission`, … */
export async function openStoreFolder(path: string, options: DiskStoreOptions = {}): Promise<StoreFolder> {
  const now = options.now ?? Date.now;
  const folder = {
    path,
    openedAt: now(),
    now,
    warn: options.onWarning ?? ((): void => undefined),
    syncBlobs: {
      sha256: createFolderSync(join(path, 'blobs', 'sha256')),
      sha512: createFolderSync(join(path, 'blobs', 'sha512')),
    },
    touched: new Set<string>(),
  };
  try {
    const names = namesIn(path);
    if (names !== undefined) refuseForeign(path, names);
    const writable = options.access !== 'read-only' && (names === undefined || mayWrite(path));
    const opened = { ...folder, writable };
    if (writable) await furnish(opened);
    return opened;
  } catch (error) {
    throw storeErrorOf(error, 'opening the store', path);
  }
}

function namesIn(path: string): string[] | undefined {
  try {
    return readdirSync(path);
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) throw notOurs(path, 'is a file');
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** A folder of another user could hold results that we would believe; a folder of something else is not ours to fill. */
function refuseForeign(path: string, names: readonly string[]): void {
  const { uid } = statSync(path);
  const self = process.getuid?.() ?? uid;
  if (uid !== self && uid !== 0) {
    throw notOurs(path, `belongs to user ${String(uid)}, and this is user ${String(self)}`);
  }
  const stranger = names.find((name) => !knownNames.has(name));
  if (stranger !== undefined)
    throw notOurs(path, `holds ${escapeText(stranger)}, which is no part of a store`);
  if (names.includes('index.json') && !names.includes('results')) {
    throw notOurs(path, 'is an image layout of somebody else');
  }
}

function notOurs(path: string, reason: string): StoreError {
  return new StoreError('store/not-ours', `cannot use ${escapeText(path)} as the store: it ${reason}`, {
    help: 'name an empty or new folder with LAYERWRIGHT_CACHE_DIR',
  });
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** `results` comes first, so that a store whose making was cut short is still known as ours. */
async function furnish(folder: StoreFolder): Promise<void> {
  makeFolder(folder.path, 0o700);
  if ((statSync(folder.path).mode & 0o077) !== 0) chmodSync(folder.path, 0o700);
  for (const part of parts) makeFolder(join(folder.path, part), 0o700);
  const marker = join(folder.path, 'oci-layout');
  if (textOf(marker) !== layoutMarker) {
    await replaceFile(marker, new TextEncoder().encode(layoutMarker), temporaryPath(folder));
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
