/** N01, N05 to N09 of safety.md: where a registry may send us, and what we take along. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../rigs/certificate.ts';
import { type CanaryScene, makeCanaryScene, refuseSecretsAt } from '../../rigs/canary-scene.ts';
import { hasProgram } from '../../rigs/docker-registry.ts';
import { type GuardedRegistry, putManifest, startGuarded } from '../../rigs/guarded-registry.ts';
import type { RecordedRequest, Reply } from '../../rigs/recording-listener.ts';
import { canary, canaryBase64, listen, stopEverything, stopLater } from '../../rigs/registry-harness.ts';
import { startTunnelProxy } from '../../rigs/tunnel-proxy.ts';

let scene: CanaryScene;
beforeEach(() => {
  scene = makeCanaryScene();
});
afterEach(async () => {
  scene.remove();
  await stopEverything();
});

const isBlob = ({ method, path }: RecordedRequest): boolean => method === 'GET' && path.includes('/blobs/');

/** A registry whose blobs are where `location` says; each redirect also sets a cookie. */
async function redirecting(
  location: (digest: string) => string,
  more: Parameters<typeof startGuarded>[0] = {},
): Promise<GuardedRegistry> {
  const answer = (request: RecordedRequest): Reply | undefined => {
    if (!isBlob(request)) return more.answer?.(request);
    const digest = request.path.slice(request.path.lastIndexOf('/') + 1);
    const headers = { location: location(digest), 'set-cookie': `session=${canary}; Path=/` };
    return { status: 307, headers };
  };
  const registry = await startGuarded({ ...more, answer });
  scene.logIn([registry.host]);
  return registry;
}

/** Storage that has what the registry has. */
async function startStorage(registry: () => GuardedRegistry) {
  return await listen(({ path }) => {
    const body = registry().blobs.get(path.slice(1));
    return body === undefined ? { status: 404 } : { status: 200, body };
  });
}

describe('N01: the `urls` of a layer', () => {
  // image-spec layer.md, Non-Distributable Layers: those need not be anywhere, and are left out of a copy.
  test.each([
    ['an ordinary one', 'application/vnd.oci.image.layer.v1.tar', 5],
    ['one not to be distributed', 'application/vnd.oci.image.layer.nondistributable.v1.tar', 0],
  ])('(%s) are not contacted, whether the registry has the blob or not', async (_, mediaType, status) => {
    const foreign = await listen(() => ({ status: 200, body: 'foreign' }));
    const registry = await startGuarded();
    const { image } = registry;
    const layers = image.layers.map((layer) => ({ ...layer, mediaType, urls: [`${foreign.origin}/x`] }));
    const manifest = { schemaVersion: 2, mediaType: image.root.mediaType, config: image.config, layers };
    putManifest(registry, image.root.mediaType, Buffer.from(JSON.stringify(manifest)));
    scene.logIn([registry.host, foreign.host]);
    const args = ['copy', registry.reference, 'oci:out'];
    expect((await scene.run(args)).status).toBe(0);
    for (const { digest } of image.layers) registry.blobs.delete(digest);
    const absent = await scene.run(args, { LAYERWRIGHT_CACHE_DIR: `${scene.folder}/empty` });
    expect(absent.status).toBe(status);
    expect(foreign.connections()).toBe(0);
  });
});

describe('N05: a blob that is redirected', () => {
  test.each(['127.0.0.1', 'localhost'])('to storage on %s is read there, without secrets', async (name) => {
    const storage = await startStorage(() => registry);
    const port = storage.host.split(':')[1] ?? '';
    const registry = await redirecting((digest) => `http://${name}:${port}/${digest}`);
    const run = await scene.run(['copy', registry.reference, 'oci:out']);
    expect(run.status).toBe(0);
    expect(storage.requests).toHaveLength(3);
    expect(registry.seen()).toContain(canaryBase64);
    refuseSecretsAt(storage);
  });

  test('to storage behind a proxy that wants a password gives it to the proxy alone', async () => {
    const storage = await startStorage(() => registry);
    const registry = await redirecting((digest) => `http://storage.example/${digest}`);
    const proxy = stopLater(await startTunnelProxy(() => ({ 'storage.example:80': storage.host })));
    const HTTP_PROXY = proxy.origin.replace('http://', `http://proxyuser:${canary}@`);
    const run = await scene.run(['copy', registry.reference, 'oci:out'], { HTTP_PROXY });
    expect(run.status).toBe(0);
    expect(proxy.asked).toContain('storage.example:80');
    const pair = Buffer.from(`proxyuser:${canary}`).toString('base64');
    expect(proxy.authorizations).toContain(`Basic ${pair}`);
    refuseSecretsAt(storage);
  });

  test('away and back again comes back without credentials', async () => {
    const detour = await listen(({ path }) => ({
      status: 302,
      headers: { location: `http://${registry.host}/v2/back${path}` },
    }));
    const registry = await redirecting((digest) => `${detour.origin}/${digest}`);
    const run = await scene.run(['copy', registry.reference, 'oci:out']);
    const back = registry.requests.filter(({ path }) => path.startsWith('/v2/back'));
    expect(back.length).toBeGreaterThan(0);
    expect(back.map(({ headers }) => headers.authorization ?? headers.cookie)).toEqual(
      back.map(() => undefined),
    );
    // The registry wants a password for that path too, and does not get it.
    expect(run.status).toBe(6);
    refuseSecretsAt(detour);
  });

  test.skipIf(!hasProgram('openssl'))('from https to http ends with 3 (needs openssl)', async () => {
    const tls = await makeCertificate();
    stopLater({ stop: tls.remove });
    const storage = await startStorage(() => registry);
    const registry = await redirecting((digest) => `${storage.origin}/${digest}`, { tls });
    const env = { NODE_EXTRA_CA_CERTS: tls.certificateFile };
    const run = await scene.run(['copy', registry.reference, 'oci:out'], env);
    expect(run.stderr).toContain('it leads from https to http');
    expect(run.status).toBe(3);
    expect(storage.connections()).toBe(0);
  });

  test('to an address that repeats our password does not get it printed', async () => {
    const word = canaryBase64.toLowerCase().replaceAll('=', '');
    const registry = await redirecting(() => `http://169.254.169.254/${canary}?${canaryBase64}&${word}`);
    const run = await scene.run(['copy', '-v', registry.reference, 'oci:out']);
    expect(run.status).toBe(3);
  });
});

describe('N06: an upload whose Location is', () => {
  test('on another host ends with 3, and neither bytes nor credentials go there', async () => {
    const other = await listen(() => ({ status: 201 }));
    const run = await pushTo(`http://localhost:${other.host.split(':')[1] ?? ''}/upload`);
    expect(run.stderr).toContain('it would send our bytes to another host');
    expect(run.status).toBe(3);
    expect(other.connections()).toBe(0);
  });

  test('on another port of the same host gets the bytes, and no credentials', async () => {
    const other = await listen(() => ({ status: 201 }));
    await pushTo(`${other.origin}/upload`);
    expect(other.requests.length).toBeGreaterThan(0);
    refuseSecretsAt(other);
  });

  async function pushTo(location: string) {
    const registry = await startGuarded({
      answer: ({ method }) => (method === 'POST' ? { status: 202, headers: { location } } : undefined),
    });
    scene.logIn([registry.host]);
    expect((await scene.run(['copy', registry.reference, 'oci:out'])).status).toBe(0);
    registry.blobs.clear();
    return await scene.run(['push', 'oci:out', `${registry.host}/team/copy:1`]);
  }
});

test('N07: a 401 of the place that we were sent to is never answered with our password', async () => {
  const storage = await listen(() => ({
    status: 401,
    headers: { 'www-authenticate': `Basic realm="storage", Bearer realm="${storage.origin}/token"` },
  }));
  const registry = await redirecting((digest) => `${storage.origin}/${digest}`);
  scene.logIn([registry.host, storage.host]);
  const run = await scene.run(['copy', registry.reference, 'oci:out']);
  expect(run.status).toBe(6);
  expect(storage.requests.every(({ path }) => path !== '/token')).toBe(true);
  refuseSecretsAt(storage);
});

describe('N09: a request that is redirected', () => {
  test('ten times ends with 5 after five', async () => {
    const registry = await startGuarded({
      answer: (request) => (isBlob(request) ? further(request.path) : undefined),
    });
    scene.logIn([registry.host]);
    const run = await scene.run(['copy', registry.reference, 'oci:out']);
    expect(run.stderr).toContain('error[registry/too-many-redirects]');
    expect(run.status).toBe(5);
    const hops = registry.requests.map(({ path }) => /\/blobs\/x(\d)/.exec(path)?.[1]);
    expect(Math.max(...hops.map((hop) => Number(hop ?? 0)))).toBe(5);
  });

  test('to itself ends with 5', async () => {
    const registry = await startGuarded({
      answer: (request) =>
        isBlob(request) ? { status: 302, headers: { location: request.path } } : undefined,
    });
    scene.logIn([registry.host]);
    expect((await scene.run(['copy', registry.reference, 'oci:out'])).status).toBe(5);
  });

  function further(path: string): Reply {
    const hop = Number(/\/blobs\/x(\d+)/.exec(path)?.[1] ?? 0) + 1;
    if (hop > 10) return { status: 200, body: 'the end' };
    return { status: 307, headers: { location: `/v2/team/app/blobs/x${String(hop)}` } };
  }
});
