/** Debian archives that are not to be trusted, or do not have what a lock names; and packages that do not go together. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DebRequest } from '../../../src/core/plan/snapshot.ts';
import { DownloadError } from '../../../src/io/download/download-error.ts';
import type { Download } from '../../../src/io/download/download-request.ts';
import { clashProblem, scriptsProblem } from '../../../src/io/source/deb/deb-problems.ts';
import { requireFresh, requireSuite } from '../../../src/io/source/deb/archive-index.ts';
import { fetchDebs } from '../../../src/io/source/deb/fetch-debs.ts';
import { readKeyring } from '../../../src/io/source/deb/keyring.ts';
import { resolveDebs } from '../../../src/io/source/deb/resolve-debs.ts';
import { verifyInline } from '../../../src/io/source/deb/verify-signature.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import { parseRelease } from '../../../src/core/deb/release-file.ts';
import type { DiagnosticCase, Made } from '../diagnostic-case.ts';

const url = 'http://mirror.example/debian/dists/bookworm/InRelease';
const nothing: Made = { diagnostics: [] };

const notFound: Download = ({ subject }) =>
  Promise.reject(new DownloadError('download/not-found', { subject, found: 'the server answered 404' }));

/** A layer that takes what this computer's apt has, which is nothing but what `sources` says. */
async function resolve(request: Partial<DebRequest>, sources = ''): Promise<Made> {
  const aptFolder = mkdtempSync(join(tmpdir(), 'layerwright-apt-'));
  writeFileSync(join(aptFolder, 'sources.list'), sources);
  const platform = { os: 'linux', architecture: 'amd64' };
  const asked = {
    names: ['curl'],
    suites: [],
    components: ['main'],
    mirrors: [],
    recommends: false,
    platform,
  };
  const machine = { home: '/nowhere', env: {}, aptFolder, keyringFolders: [] };
  try {
    const places = { machine, context: '/nowhere', now: () => 0 };
    await resolveDebs(
      { ...asked, ...request },
      { store: createMemoryStore(), download: notFound, ...places },
    );
  } finally {
    rmSync(aptFolder, { recursive: true });
  }
  return nothing;
}

const packaged = {
  name: 'curl',
  version: '7.88.1-10+deb12u7',
  path: 'pool/main/c/curl/curl_7.88.1-10+deb12u7_amd64.deb',
  sha256: 'c0'.repeat(32),
  size: 315_000,
};

export const archiveCases: readonly DiagnosticCase[] = [
  {
    code: 'deb/no-source',
    make: () =>
      resolve(
        { suites: ['bookwurm'] },
        'deb http://mirror.example/debian bookworm main\ndeb http://mirror.example/debian bookworm-updates main\n',
      ),
  },
  {
    code: 'deb/no-architecture',
    make: () => resolve({ platform: { os: 'windows', architecture: 'amd64' } }),
  },
  {
    code: 'deb/keyring',
    make: async () => {
      const place = { in: 'file', path: '/nowhere/archive.gpg', shown: 'keys/archive.gpg' } as const;
      await readKeyring({ places: [place], fingerprints: [] });
      return nothing;
    },
  },
  {
    code: 'deb/bad-signature',
    make: async () => {
      const keyring = { shown: 'keys/archive.gpg', keys: [] };
      await verifyInline(Buffer.from('Suite: bookworm\n'), { url, keyring, now: new Date(0) });
      return nothing;
    },
  },
  {
    code: 'deb/expired',
    make: () => {
      const release = parseRelease('Valid-Until: Sat, 10 May 2025 09:53:31 UTC\nSHA256:\n', url);
      requireFresh(release, { url, now: new Date(Date.UTC(2026, 0, 1)) });
      return nothing;
    },
  },
  {
    code: 'deb/wrong-suite',
    make: () => {
      const release = parseRelease('Suite: oldstable\nCodename: bullseye\nSHA256:\n', url);
      requireSuite(release, 'bookworm', url);
      return nothing;
    },
  },
  {
    code: 'deb/vanished',
    make: async () => {
      await fetchDebs([packaged], {
        store: createMemoryStore(),
        download: notFound,
        signal: new AbortController().signal,
        archives: () => ['http://mirror.example/debian'],
        isSnapshot: false,
      });
      return nothing;
    },
  },
  {
    code: 'deb/file-clash',
    make: () => ({
      diagnostics: [clashProblem({ path: 'usr/bin/editor' as ImagePath, packages: ['nano', 'vim'] })],
    }),
  },
  {
    code: 'deb/scripts-not-run',
    make: () => ({ diagnostics: [{ severity: 'warning', ...scriptsProblem(['openssl', 'tzdata']) }] }),
  },
];
