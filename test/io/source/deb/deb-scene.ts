/** The small signed archive, and what reads packages out of it into a store in memory. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../../../src/core/diagnostic/diagnostic.ts';
import { diagnosticOf, DiagnosticsError, Failure } from '../../../../src/core/diagnostic/failure.ts';
import type { DebRequest } from '../../../../src/core/plan/snapshot.ts';
import { emptyLock, type LockedPackages, withPins } from '../../../../src/core/recipe/lock/lock.ts';
import { download } from '../../../../src/io/download/download.ts';
import { RegistryClient } from '../../../../src/io/registry/registry-client.ts';
import { registrySettings, withAttempts } from '../../../../src/io/registry/registry-settings.ts';
import { readDebSource } from '../../../../src/io/source/deb/deb-source.ts';
import { resolveDebs } from '../../../../src/io/source/deb/resolve-debs.ts';
import { createProblemCollector } from '../../../../src/io/source/problem-collector.ts';
import type { Reading } from '../../../../src/io/source/reading.ts';
import { createMemoryStore } from '../../../../src/io/store/memory-store.ts';
import type { Store } from '../../../../src/io/store/store.ts';
import { type DebianArchive, startDebianArchive } from '../../../rigs/debian-archive.ts';
import type { ReleaseSpec } from '../../../rigs/debian-release.ts';
import { samplePackages, type SamplePackages } from '../../../rigs/debian-sample.ts';
import { type ScratchFolder, scratchFolder } from '../../../rigs/scratch-folder.ts';
import { makeSigningKey, type SigningKey } from '../../../rigs/signing-key.ts';
import { createReading } from '../sample-context.ts';

export interface DebScene {
  readonly archive: DebianArchive;
  readonly key: SigningKey;
  readonly sample: SamplePackages;
  /** A reading of its own: a store, empty unless it is given, and a machine whose apt sources are this text. */
  reading(sources?: string, store?: Store): Reading;
  close(): Promise<void>;
}

export async function openDebScene(): Promise<DebScene> {
  const scratch = scratchFolder('debs');
  const key = makeSigningKey();
  const archive = await startDebianArchive();
  const registries = new RegistryClient(withAttempts(registrySettings(), 1));
  writeFileSync(join(scratch.path, 'key.gpg'), key.keyring);
  let machines = 0;
  return {
    archive,
    key,
    sample: samplePackages(),
    reading: (sources, store = createMemoryStore()) => {
      const { signal } = new AbortController();
      return createReading(scratch.path, {
        store,
        machine: machineWith(scratch, sources, (machines += 1)),
        download: (request, blobs = store.blobs) => download(request, { blobs, registries, signal }),
      });
    },
    close: async () => {
      await registries.close();
      await archive.stop();
      key.remove();
      scratch.remove();
    },
  };
}

function machineWith(
  { path }: ScratchFolder,
  sources: string | undefined,
  number: number,
): Reading['machine'] {
  const aptFolder = join(path, `apt-${String(number)}`);
  mkdirSync(aptFolder);
  if (sources !== undefined) writeFileSync(join(aptFolder, 'sources.list'), sources);
  return { home: path, env: {}, aptFolder, keyringFolders: [] };
}

/** What the stable suite of the sample is, published under its name unless told otherwise. */
export function stableRelease({ key, sample }: DebScene, more: Partial<ReleaseSpec> = {}): ReleaseSpec {
  return { suite: 'stable', components: { main: sample.main }, key, ...more };
}

/** A layer for amd64 that takes the packages from the scene's mirror. */
export function debRequest(
  { archive }: DebScene,
  names: readonly string[],
  more: Partial<DebRequest> & { readonly suite?: string } = {},
): DebRequest {
  const { suite = 'stable', ...rest } = more;
  const mirror = { url: archive.mirror, suites: [suite], components: ['main'], keyring: 'key.gpg' };
  return {
    kind: 'deb',
    names,
    suites: [suite],
    components: ['main'],
    mirrors: [mirror],
    recommends: false,
    effects: ['sysusers', 'ldconfig', 'alternatives', 'ca-certificates'],
    platform: { os: 'linux', architecture: 'amd64' },
    ...rest,
  };
}

/** `NAME=VERSION`, or what was wrong. */
export async function resolved(request: DebRequest, reading: Reading): Promise<string[] | Diagnostic[]> {
  const found = await outcome(() => resolveDebs(request, reading));
  return 'problems' in found
    ? found.problems
    : found.value.packages.map(({ name, version }) => `${name}=${version}`);
}

/** The tree of the packages of a lock, or of those that the archive has now. */
export async function readRoot(request: DebRequest, reading: Reading, locked?: LockedPackages) {
  const collector = createProblemCollector({
    source: { name: '', text: '' },
    places: { values: new Map(), keys: new Map() },
  });
  const source = { name: 'oci.lock', text: '' };
  const places = { values: new Map(), keys: new Map() };
  const pins = { images: new Map(), fetched: new Map(), packages: locked === undefined ? [] : [locked] };
  const lock = { lock: withPins(emptyLock(1), pins), source, places };
  const read = await outcome(() => readDebSource({ ...reading, lock }, request, collector.at('')));
  const problems = 'problems' in read ? read.problems : collector.found();
  return {
    tree: 'problems' in read ? undefined : read.value,
    problems,
    codes: problems.map(({ code }) => code),
  };
}

async function outcome<T>(run: () => Promise<T>): Promise<{ value: T } | { problems: Diagnostic[] }> {
  try {
    return { value: await run() };
  } catch (error) {
    if (error instanceof Failure) return { problems: [diagnosticOf(error)] };
    if (error instanceof DiagnosticsError) return { problems: [...error.diagnostics] };
    throw error;
  }
}
