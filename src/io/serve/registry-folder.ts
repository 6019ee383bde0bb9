/**
 * The folder that a server keeps its registry in: an image layout (image-spec image-layout.md), whose index.json holds
 * the tags, with `repositories/` beside it for what belongs to which repository. `tmp/`, `leases/` and `quarantine/`
 * stand there while it runs. A layout of any tool will do; whatever else stands there is not touched.
 */
import { rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { createFolderSync, replaceFile } from '../store/durable-file.ts';
import { namesIn } from '../store/folder-names.ts';
import { countLeases, type Lease, reclaimAbandoned, takeLease } from '../store/lease.ts';
import { makeFolder } from '../store/make-folder.ts';
import { storeErrorOf } from '../store/store-error.ts';
import { layoutMarker, type StoreFolder, temporaryPath } from '../store/store-folder.ts';
import { folderFiles } from '../transport/folder-files.ts';
import { readLayoutIndex, requireLayout } from '../transport/layout-index.ts';
import { layoutIndex } from '../transport/write-layout.ts';
import { plainFolder, requirePlain } from './plain-folder.ts';
import { ServeError } from './serve-error.ts';

export interface RegistryFolder {
  readonly folder: StoreFolder;
  /** Ends the claim on the folder, and leaves nothing in it that a layout does not need. Never throws. */
  close(): void;
}

export interface RegistryFolderOptions {
  /** `read-only` makes and changes nothing, and needs a layout that is there. */
  readonly access: 'read-write' | 'read-only';
  /** What a folder that is not there is to a server that only reads. */
  readonly absent: 'refused' | 'empty';
  readonly onWarning: (warning: Diagnostic) => void;
}

const workFolders = ['tmp', 'leases', 'quarantine'] as const;
const blobFolders = ['blobs', 'blobs/sha256', 'blobs/sha512'] as const;

/**
 * Throws ServeError `serve/not-a-layout` or `serve/in-use`, TransportError for a layout that cannot be believed,
 * StoreError where the disk refuses.
 */
export async function openRegistryFolder(
  path: string,
  options: RegistryFolderOptions,
): Promise<RegistryFolder> {
  const folder = folderAt(path, options);
  try {
    const isThere = requireOurs(path, options);
    if (!folder.writable && !isThere) return { folder, close: () => undefined };
    if (!folder.writable) {
      await requireSound(path);
      return { folder, close: () => undefined };
    }
    await furnish(folder);
    await requireSound(path);
    reclaimAbandoned(folder);
    return claimed(folder, await takeLease(folder));
  } catch (error) {
    throw error instanceof Error && !('errno' in error) ? error : storeErrorOf(error, 'opening', path);
  }
}

function folderAt(path: string, { access, onWarning }: RegistryFolderOptions): StoreFolder {
  return {
    path,
    writable: access === 'read-write',
    openedAt: Date.now(),
    now: Date.now,
    warn: onWarning,
    syncBlobs: {
      sha256: createFolderSync(join(path, 'blobs', 'sha256')),
      sha512: createFolderSync(join(path, 'blobs', 'sha512')),
    },
    touched: new Set(),
  };
}

/** Whether anything stands there. Throws for what is neither a layout nor can become one. */
function requireOurs(path: string, { access, absent }: RegistryFolderOptions): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined && access === 'read-only' && absent === 'refused') {
    throw notALayout(path, 'is not there');
  }
  if (found === undefined) return false;
  if (!found.isDirectory()) throw notALayout(path, 'is no folder');
  const names = namesIn(path);
  if (names.length === 0 && access === 'read-write') return true;
  if (!names.includes('oci-layout')) throw notALayout(path, 'holds something else: it has no oci-layout');
  if (names.includes('results'))
    throw notALayout(path, 'is a build store, which `serve` without a folder serves');
  return true;
}

function notALayout(path: string, found: string): ServeError {
  return new ServeError('serve/not-a-layout', `cannot serve ${escapeText(path)}: it ${found}`, {
    help: 'name an image layout, or a new or empty folder',
  });
}

/** The folder may be reached by a link; in it none is followed (folder-files.ts says why). */
async function requireSound(path: string): Promise<void> {
  for (const name of blobFolders) requirePlain(join(path, name));
  const files = folderFiles(path, path);
  await requireLayout(files);
  await readLayoutIndex(files);
}

async function furnish(folder: StoreFolder): Promise<void> {
  const { path } = folder;
  makeFolder(path);
  for (const name of [...workFolders, ...blobFolders]) plainFolder(path, name.split('/'));
  const index = join(path, 'index.json');
  if (statSync(index, { throwIfNoEntry: false }) === undefined) {
    await replaceFile(index, layoutIndex([]), temporaryPath(folder));
  }
  const marker = join(path, 'oci-layout');
  if (statSync(marker, { throwIfNoEntry: false }) !== undefined) return;
  await replaceFile(marker, new TextEncoder().encode(layoutMarker), temporaryPath(folder));
}

/** Of two servers that start at once on one folder, both may be refused; two never run. */
function claimed(folder: StoreFolder, lease: Lease): RegistryFolder {
  const close = (): void => {
    lease.release();
    for (const name of workFolders) removeEmpty(join(folder.path, name));
  };
  if (countLeases(folder) === 1) return { folder, close };
  lease.release();
  const message = `another server is at work on ${escapeText(folder.path)}`;
  throw new ServeError('serve/in-use', message, {
    help: 'stop it first, or serve with --read-only beside it',
  });
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // It holds something, or is gone.
  }
}
