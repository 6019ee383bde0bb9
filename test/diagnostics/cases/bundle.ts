/** Images that cannot be unpacked or run, places that are taken, and what of an image could not be kept. */
import { closeSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import { trustedDigest } from '../../../src/core/digest/digest.ts';
import type { ContainerConfig } from '../../../src/core/oci/image-config.ts';
import { rootPath } from '../../../src/core/tree/image-path.ts';
import { ExactNames } from '../../../src/io/bundle/exact-name.ts';
import { findRuntime } from '../../../src/io/bundle/find-runtime.ts';
import { openFolder } from '../../../src/io/bundle/held-folder.ts';
import { unpackRootfs } from '../../../src/io/bundle/rootfs.ts';
import { runBundle } from '../../../src/io/bundle/run-bundle.ts';
import { type BundleRequest, writeBundle } from '../../../src/io/bundle/runtime-bundle.ts';
import { requireModules } from '../../../src/io/bundle/security-modules.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { imageOf } from '../../rigs/layer-image.ts';
import { type RawEntry, rawTar } from '../../rigs/raw-tar.ts';
import { boundedCase, scrubFolder } from '../bounded-process.ts';
import type { DiagnosticCase } from '../diagnostic-case.ts';
import { inFolder, writeFiles } from '../project-case.ts';

const { signal } = new AbortController();

function inCaseFolder(
  code: DiagnosticCode,
  act: (folder: string) => Promise<readonly Diagnostic[]> | readonly Diagnostic[],
): DiagnosticCase {
  return {
    code,
    make: () => inFolder(async (folder) => ({ diagnostics: await act(folder) })),
    scrub: scrubFolder,
  };
}

/** A bundle of an image of this config. Its one layer has a user `app`, in the group `staff` too. */
function bundling(
  code: DiagnosticCode,
  config: ContainerConfig,
  more: Partial<BundleRequest> & { readonly entries?: readonly RawEntry[] } = {},
): DiagnosticCase {
  const { entries = accounts, ...request } = more;
  return inCaseFolder(code, async (folder) => {
    const { blobs } = createMemoryStore();
    const image = await imageOf(blobs, [rawTar(entries)], { Cmd: ['/app/server'], ...config });
    return writeBundle(image, blobs, {
      destination: join(folder, 'out'),
      signal,
      runtime: {},
      runtimeFolder: folder,
      rootless: undefined,
      ...request,
    });
  });
}

const accounts: readonly RawEntry[] = [
  { name: 'etc/passwd', content: 'app:x:1000:1000::/home/app:/bin/sh\n' },
  { name: 'etc/group', content: 'app:x:1000:\nstaff:x:50:app\n' },
];
/** Who makes a bundle for itself, without ids to lend. */
const rootless = { uid: 1000, gid: 1000 };

interface Unpacking {
  readonly maxSpecialFiles?: number;
  /** Below the case's folder. */
  readonly destination?: string;
}

/** The root file system of one layer. */
async function unpack(
  folder: string,
  entries: readonly RawEntry[],
  { destination = 'out', ...limits }: Unpacking = {},
): Promise<readonly Diagnostic[]> {
  const { blobs } = createMemoryStore();
  const image = await imageOf(blobs, [rawTar(entries)]);
  return unpackRootfs(image, blobs, { destination: join(folder, destination), signal, ...limits });
}

async function unpackOther(folder: string): Promise<readonly Diagnostic[]> {
  const { blobs } = createMemoryStore();
  const image = await imageOf(blobs, [rawTar([{ name: 'app' }])]);
  const diffId = trustedDigest(`sha256:${'0'.repeat(64)}`);
  const layers = image.layers.map((layer) => ({ ...layer, diffId }));
  return unpackRootfs({ ...image, layers }, blobs, { destination: join(folder, 'out'), signal });
}

async function onPlatform<T>(platform: string, use: () => Promise<T>): Promise<T> {
  const known = Object.getOwnPropertyDescriptor(process, 'platform') ?? {};
  Object.defineProperty(process, 'platform', { ...known, value: platform });
  try {
    return await use();
  } finally {
    Object.defineProperty(process, 'platform', known);
  }
}

/** A second name of one file is what a file system that folds names shows. */
function foldNames(path: string): readonly Diagnostic[] {
  const names = new ExactNames();
  const folder = { fd: openFolder(path), path: rootPath, name: '' };
  writeFileSync(join(path, 'README'), '');
  linkSync(join(path, 'README'), join(path, 'readme'));
  try {
    names.record({ folder, name: 'README' });
    names.inspect({ folder, name: 'readme' });
    return [];
  } finally {
    closeSync(folder.fd);
  }
}

/** Runs the bundle `out`, whose config.json is `{}`, with a program of this text as its runtime. */
async function run(folder: string, program: string): Promise<readonly Diagnostic[]> {
  writeFiles(folder, { 'out/config.json': '{}' });
  writeFileSync(join(folder, 'runc'), program, { mode: 0o755 });
  await runBundle({ ...runRequest(folder), runtime: join(folder, 'runc') });
  return [];
}

function runRequest(folder: string) {
  return {
    bundle: join(folder, 'out'),
    runtime: undefined,
    environment: {},
    stdio: [0, 1, 2] as const,
    onWarning: () => undefined,
    listen: () => () => undefined,
  };
}

export const bundleCases: readonly DiagnosticCase[] = [
  inCaseFolder('bundle/needs-linux', (folder) => onPlatform('darwin', () => unpack(folder, []))),
  inCaseFolder('bundle/refused-entry', (folder) => unpack(folder, [{ name: 'etc/.wh.' }])),
  inCaseFolder('bundle/too-many-special-files', (folder) =>
    unpack(
      folder,
      ['a', 'b', 'c'].map((name) => ({ name, type: '6' })),
      { maxSpecialFiles: 2 },
    ),
  ),
  inCaseFolder('bundle/names-collide', foldNames),
  inCaseFolder('bundle/wrong-layer', unpackOther),
  bundling('bundle/bad-image', { WorkingDir: '../../etc' }),
  bundling('bundle/bad-user', { User: 'node' }),
  bundling('bundle/bad-runtime', {}, { runtime: { hostname: 'my api', pids: -1 } }),
  bundling(
    'bundle/unreadable-user-file',
    { User: 'app' },
    {
      entries: [{ name: 'etc/passwd', type: '2', link: '/etc/shadow' }],
    },
  ),
  inCaseFolder('bundle/not-ours', (folder) => {
    writeFiles(folder, { 'out/notes.txt': 'mine' });
    return unpack(folder, []);
  }),
  inCaseFolder('bundle/write-failed', (folder) => {
    writeFiles(folder, { out: '' });
    return unpack(folder, [], { destination: 'out/rootfs' });
  }),
  inCaseFolder('bundle/not-a-bundle', async (folder) => {
    mkdirSync(join(folder, 'out'));
    await runBundle(runRequest(folder));
    return [];
  }),
  inCaseFolder('bundle/no-security-module', (folder) => {
    requireModules({ process: { apparmorProfile: 'docker-default' } }, join(folder, 'sys'));
    return [];
  }),
  inCaseFolder('bundle/no-runtime', () => findRuntime('youki', {}).warnings),
  inCaseFolder('bundle/runtime-failed', (folder) => run(folder, '#!/nowhere/interpreter\n')),
  inCaseFolder('bundle/old-runtime', (folder) => {
    const path = join(folder, 'runc');
    writeFileSync(path, "#!/bin/sh\necho 'runc version 1.1.15'\n", { mode: 0o755 });
    return findRuntime(path, {}).warnings;
  }),
  boundedCase('bundle/owners-not-set'),
  boundedCase('bundle/special-files-not-made'),
  boundedCase('bundle/times-not-exact'),
  inCaseFolder('bundle/xattrs-not-set', (folder) =>
    unpack(folder, [
      { name: 'app', type: '5', mode: 0o755, pax: { 'SCHILY.xattr.user.overlay.opaque': 'y' } },
    ]),
  ),
  bundling('bundle/labels-left-out', { Labels: { 'run.oci.handler': 'wasm', maintainer: 'acme' } }),
  bundling('bundle/no-command', { Cmd: [] }),
  bundling('bundle/limits-not-applied', {}, { rootless, runtime: { memory: 1 << 26, pids: 100 } }),
  bundling('bundle/user-not-mapped', { User: '1000:1000' }, { rootless }),
  bundling('bundle/groups-not-applied', { User: 'app' }, { rootless }),
];
