/** Stores that are full, closed, foreign or damaged. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import { type Digest, digestOf, encodedOf } from '../../../src/core/digest/digest.ts';
import { type DiskStore, openDiskStore } from '../../../src/io/store/disk-store.ts';
import { boundedCase, scrubFolder } from '../bounded-process.ts';
import type { DiagnosticCase } from '../diagnostic-case.ts';
import { inFolder, writeFiles } from '../project-case.ts';

const bytes = new TextEncoder().encode('the bytes of a layer');
const digest = digestOf(bytes);

interface Opened {
  readonly store: DiskStore;
  /** Where the store stands. */
  readonly path: string;
}

/** A store, in which something is done that fails or warns. */
function inStore(code: DiagnosticCode, act: (opened: Opened) => Promise<unknown>): DiagnosticCase {
  const make: DiagnosticCase['make'] = () =>
    inFolder(async (folder) => {
      const diagnostics: Diagnostic[] = [];
      const path = join(folder, 'store');
      const store = await openDiskStore(path, { onWarning: (warning) => diagnostics.push(warning) });
      await act({ store, path });
      return { diagnostics };
    });
  return { code, make, scrub: scrubFolder };
}

/** A store with one blob, whose file then gets other bytes. */
function damaged(code: DiagnosticCode, other: string, act: (store: DiskStore) => Promise<unknown>) {
  return inStore(code, async ({ store, path }) => {
    await store.blobs.put(bytes);
    writeFileSync(join(path, 'blobs/sha256', encodedOf(digest)), other);
    await act(store);
  });
}

const read = ({ blobs }: DiskStore, of: Digest = digest) => blobs.readAll(of, 1000);

export const storeCases: readonly DiagnosticCase[] = [
  boundedCase('store/full', { '-f': 100 }),
  boundedCase('store/no-permission'),
  boundedCase('store/too-many-files', { '-n': 64 }),
  inStore('store/read-only', async ({ path }) => {
    const store = await openDiskStore(path, { access: 'read-only' });
    await store.blobs.put(bytes);
  }),
  inStore('store/io', async ({ store, path }) => {
    rmSync(join(path, 'tmp'), { recursive: true });
    writeFileSync(join(path, 'tmp'), '');
    await store.blobs.put(bytes);
  }),
  inStore('store/not-ours', async ({ path }) => {
    writeFiles(path, { 'notes.txt': 'mine' });
    await openDiskStore(path);
  }),
  inStore('store/blob-mismatch', ({ store }) => store.blobs.put(bytes.subarray(1), { digest })),
  damaged('store/blob-corrupt', 'THE BYTES OF A LAYER', read),
  inStore('store/blob-missing', ({ store }) => read(store)),
  inStore('store/blob-too-large', async ({ store }) => {
    const { digest: large } = await store.blobs.put(new Uint8Array(1001));
    await read(store, large);
  }),
  damaged('store/entry-quarantined', '', ({ blobs }) => blobs.size(digest)),
];
