/** Registries on loopback that do each thing that a registry can do wrong, and credentials that cannot be used. */
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import { diagnosticOf, Failure } from '../../../src/core/diagnostic/failure.ts';
import type { Digest } from '../../../src/core/digest/digest.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { credentialsOf } from '../../../src/io/registry/credentials.ts';
import { resolveManifest } from '../../../src/io/registry/manifests.ts';
import { fetchBlob } from '../../../src/io/registry/read-blob.ts';
import { RegistryClient } from '../../../src/io/registry/registry-client.ts';
import { type RegistrySettings, registrySettings } from '../../../src/io/registry/registry-settings.ts';
import type { Repository } from '../../../src/io/registry/repository.ts';
import { listTags } from '../../../src/io/registry/tags.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { type MockOptions, digest, startMockRegistry } from '../../rigs/mock-registry.ts';
import { type Reply, errorDocument, json } from '../../rigs/recording-listener.ts';
import type { DiagnosticCase, Made } from '../diagnostic-case.ts';
import { registriesConfCases } from './registries-conf.ts';
import { untrustedCertificate } from './untrusted-certificate.ts';

const { signal } = new AbortController();
const bytes = Buffer.from('the bytes of a layer');
const layer = { mediaType: mediaTypes.layer, digest: digest(bytes) as Digest, size: bytes.length };

type Ask = (repository: Repository) => Promise<unknown>;

const readTag: Ask = (repository) => resolveManifest(repository, { tag: '1.4.0' }, signal);
const readLayer: Ask = (repository) => {
  const { blobs } = createMemoryStore();
  return fetchBlob(repository, layer, { blobs, signal });
};
const readTags: Ask = async (repository) => {
  for await (const tag of listTags(repository, signal)) if (tag === '') return;
};

interface Given {
  readonly ask?: Ask;
  readonly tls?: MockOptions['tls'];
  readonly settings?: Partial<RegistrySettings>;
}

/** Asks a registry that always gives this reply; what it waited for comes back as warnings. */
async function asking(reply: Reply, given: Given = {}): Promise<Made> {
  const { ask = readTag, tls } = given;
  const mock = await startMockRegistry({ override: () => reply, ...(tls && { tls }) });
  try {
    return await askingAt(mock.host, ask, given.settings);
  } finally {
    await mock.stop();
  }
}

async function askingAt(host: string, ask: Ask, settings: Partial<RegistrySettings> = {}): Promise<Made> {
  const diagnostics: Diagnostic[] = [];
  const client = new RegistryClient(
    registrySettings({
      clock: { now: () => 0, wait: () => Promise.resolve() },
      random: () => 0.5,
      retries: { attempts: 2, first: 500, longest: 500, retryAfter: 300_000 },
      onWait: (warning) => diagnostics.push(warning),
      ...settings,
    }),
  );
  try {
    await ask(await client.open(host, 'acme/api', { purpose: 'read', signal }));
    return { diagnostics };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { diagnostics: [...diagnostics, diagnosticOf(error)] };
  } finally {
    await client.close();
  }
}

const challenge = (value: string): Reply => ({ status: 401, headers: { 'www-authenticate': value } });
const manifest = (value: unknown, type: string = mediaTypes.manifest): Reply => ({
  status: 200,
  headers: { 'content-type': type },
  body: JSON.stringify(value),
});

/** Credentials from a docker config of this text. */
function inline(text: string): Partial<RegistrySettings> {
  const environment = { DOCKER_AUTH_CONFIG: text, PATH: '/nowhere' };
  return { credentials: credentialsOf({ environment, home: '/nowhere' }) };
}

function scrub(text: string): string {
  return text.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:5000');
}

const cases: readonly DiagnosticCase[] = [
  { code: 'registry/name', make: () => askingAt('user@host', readTag) },
  { code: 'registry/unreachable', make: () => askingAt('127.0.0.1:1', readTag) },
  { code: 'registry/certificate', make: () => asking({ status: 200 }, { tls: untrustedCertificate }) },
  { code: 'registry/unavailable', make: () => asking({ status: 503, headers: { 'retry-after': '2' } }) },
  {
    code: 'registry/waiting',
    make: () => asking({ status: 429, headers: { 'retry-after': '2' } }),
  },
  {
    code: 'registry/not-found',
    make: () => asking(json(404, errorDocument('MANIFEST_UNKNOWN', 'manifest unknown'))),
  },
  {
    code: 'registry/offline',
    make: () => askingAt('registry.example', readTag, { offline: true }),
  },
  { code: 'registry/refused', make: () => asking({ status: 413 }, { ask: readLayer }) },
  { code: 'registry/unexpected-answer', make: () => asking({ status: 204 }, { ask: readLayer }) },
  {
    code: 'registry/interrupted',
    make: () =>
      asking({ status: 200, headers: { 'content-length': '' }, body: 'the bytes' }, { ask: readLayer }),
  },
  {
    code: 'registry/unauthorised',
    make: () =>
      asking(
        json(401, errorDocument('UNAUTHORIZED', 'authentication required'), {
          'www-authenticate': 'Basic realm="test"',
        }),
        { settings: inline('{"auths":{}}') },
      ),
  },
  {
    code: 'registry/credential-helper',
    make: () => asking(challenge('Basic realm="test"'), { settings: inline('{"credsStore":"desktop"}') }),
  },
  {
    code: 'registry/credential-file',
    make: () => asking(challenge('Basic realm="test"'), { settings: inline('not JSON') }),
  },
  {
    code: 'registry/realm-refused',
    make: () => asking(challenge('Bearer realm="http://169.254.169.254/latest/token"')),
  },
  {
    code: 'registry/bad-list',
    make: () =>
      asking(json(200, { tags: ['1'] }, { link: '<https://elsewhere.example/v2/>; rel="next"' }), {
        ask: readTags,
      }),
  },
  {
    code: 'registry/redirect-refused',
    make: () => asking({ status: 307, headers: { location: 'http://169.254.169.254/' } }, { ask: readLayer }),
  },
  {
    code: 'registry/too-many-redirects',
    make: () => asking({ status: 307, headers: { location: '/again' } }, { ask: readLayer }),
  },
  {
    code: 'registry/untrusted-manifest',
    make: () => asking(manifest({ schemaVersion: 2, layers: [], manifests: [] })),
  },
  {
    code: 'registry/schema1',
    make: () =>
      asking(manifest({ schemaVersion: 1 }, 'application/vnd.docker.distribution.manifest.v1+prettyjws')),
  },
  {
    code: 'registry/differs',
    make: () => asking({ status: 200, body: 'THE BYTES OF A LAYER' }, { ask: readLayer }),
  },
];

export const registryCases: readonly DiagnosticCase[] = [...cases, ...registriesConfCases].map((one) => ({
  ...one,
  scrub,
}));
