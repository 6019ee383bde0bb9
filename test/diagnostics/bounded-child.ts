/** Makes one mistake as an ordinary user within the limits it is started with: see bounded-process.ts. */
import fs, { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { unpackRootfs } from '../../src/io/bundle/rootfs.ts';
import { createPacker } from '../../src/io/layer/packer.ts';
import { openDiskStore } from '../../src/io/store/disk-store.ts';
import { createMemoryStore } from '../../src/io/store/memory-store.ts';
import { deliverToOciArchive } from '../../src/io/transport/oci-archive.ts';
import { fileEntry, pack } from '../io/layer/pack-entries.ts';
import { imageOf } from '../rigs/layer-image.ts';
import { type RawEntry, rawTar } from '../rigs/raw-tar.ts';
import { putTestImage } from '../rigs/test-image.ts';
import { type Made, outcomeOf } from './diagnostic-case.ts';
import { inFolder } from './project-case.ts';

const { signal } = new AbortController();

const mistakes = {
  'layer/cannot-compress': packOnThreads,
  'store/full': async (folder: string) => putBlob(await openDiskStore(join(folder, 'store'))),
  'store/no-permission': (folder: string) => openDiskStore(join(closed(folder), 'store')),
  'store/too-many-files': async (folder: string) => {
    const store = await openDiskStore(join(folder, 'store'));
    return withoutFiles(() => putBlob(store));
  },
  'transport/full': deliver,
  'transport/no-permission': (folder: string) => deliver(closed(folder)),
  'transport/too-many-files': (folder: string) => withoutFiles(() => deliver(folder)),
  'transport/read-only': (folder: string) => onReadOnlyDisk(() => deliver(folder)),
  'bundle/owners-not-set': (folder: string) =>
    unpack(folder, [
      { name: 'app', uid: 7, gid: 7 },
      { name: 'data', uid: 7 },
    ]),
  'bundle/special-files-not-made': (folder: string) =>
    unpack(folder, [{ name: 'dev/null', type: '3', major: 1, minor: 3 }]),
  'bundle/times-not-exact': (folder: string) =>
    withoutTools(() => unpack(folder, [{ name: 'app', pax: { mtime: '1700000000.123456789' } }])),
} as const satisfies Record<string, (folder: string) => unknown>;

export type BoundedCode = keyof typeof mistakes;

/** `nobody` and `nogroup` of every Linux. */
const nobody = 65_534;

await main(process.argv[2] as BoundedCode);

async function main(code: BoundedCode): Promise<void> {
  if (process.getuid?.() === 0) {
    process.setgroups?.([]);
    process.setgid?.(nobody);
    process.setuid?.(nobody);
  }
  const made = await outcomeOf(() =>
    inFolder(async (folder): Promise<Made> => {
      const diagnostics = await mistakes[code](folder);
      return { diagnostics: Array.isArray(diagnostics) ? diagnostics : [] };
    }),
  );
  process.stdout.write(JSON.stringify(made));
}

function putBlob({ blobs }: Awaited<ReturnType<typeof openDiskStore>>): Promise<unknown> {
  return blobs.put(new Uint8Array(1_000_000));
}

/** A layer that is large enough for a thread. */
async function packOnThreads(): Promise<unknown> {
  const content = Buffer.alloc(3_000_000, 'content');
  const packer = createPacker({ threads: 2 });
  return pack([fileEntry('app', content)], { app: content }, { packer });
}

async function deliver(folder: string): Promise<unknown> {
  const { blobs } = createMemoryStore();
  const { root } = await putTestImage(blobs, ['x'.repeat(1_000_000)]);
  const to = { transport: 'oci-archive', path: join(folder, 'out/api.tar') } as const;
  return deliverToOciArchive({ root, references: [], blobs }, to, { emit: () => undefined, signal });
}

async function unpack(folder: string, entries: readonly RawEntry[]): Promise<unknown> {
  const { blobs } = createMemoryStore();
  const image = await imageOf(blobs, [rawTar(entries)]);
  return unpackRootfs(image, blobs, { destination: join(folder, 'out'), signal });
}

/** A folder in which nothing can be made. */
function closed(folder: string): string {
  const path = join(folder, 'closed');
  mkdirSync(path);
  chmodSync(path, 0o555);
  return path;
}

/** With not one more file to open. */
async function withoutFiles(use: () => Promise<unknown>): Promise<unknown> {
  const open: number[] = [];
  try {
    for (;;) open.push(openSync('/dev/null', 'r'));
  } catch {
    return await use();
  } finally {
    open.forEach((fd) => closeSync(fd));
  }
}

async function withoutTools(use: () => Promise<unknown>): Promise<unknown> {
  const known = process.env['PATH'];
  process.env['PATH'] = '/nowhere';
  try {
    return await use();
  } finally {
    process.env['PATH'] = known;
  }
}

/** Only root can mount one, so the system's own call answers as it does there. */
async function onReadOnlyDisk(use: () => Promise<unknown>): Promise<unknown> {
  const { mkdirSync: make } = fs;
  fs.mkdirSync = ((path: string) => {
    const words = `EROFS: read-only file system, mkdir '${path}'`;
    throw Object.assign(new Error(words), { errno: -30, code: 'EROFS', syscall: 'mkdir', path });
  }) as typeof make;
  syncBuiltinESMExports();
  try {
    return await use();
  } finally {
    fs.mkdirSync = make;
    syncBuiltinESMExports();
  }
}
