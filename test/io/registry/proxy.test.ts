import { afterEach, describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../../src/core/diagnostic/catalogue.ts';
import { resolveManifest } from '../../../src/io/registry/manifests.ts';
import { type RegistrySettings, proxyFromEnvironment } from '../../../src/io/registry/registry-settings.ts';
import { makeCertificate } from '../../rigs/certificate.ts';
import { hasProgram } from '../../rigs/docker-registry.ts';
import { digest, startMockRegistry } from '../../rigs/mock-registry.ts';
import { stopEverything, stopLater, failureOf, makeHarness, never } from '../../rigs/registry-harness.ts';
import { startTunnelProxy } from '../../rigs/tunnel-proxy.ts';

const mediaType = 'application/vnd.oci.image.index.v1+json';
const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests: [] }));
afterEach(stopEverything);

async function resolve(host: string, given: Partial<RegistrySettings>): Promise<string> {
  const { client } = makeHarness(given);
  const repository = await client.open(host, 'a/b', { purpose: 'read', signal: never });
  return (await resolveManifest(repository, { tag: '1' }, never)).digest;
}

async function mockRegistry(options: Parameters<typeof startMockRegistry>[0] = {}) {
  const mock = await startMockRegistry(options);
  mock.manifests.set('a/b:1', { mediaType, bytes });
  stopLater(mock);
  return mock;
}

async function proxyTo(target: string | undefined, otherwise: 'refuse' | 'close' = 'refuse') {
  const targets: Record<string, string> = target === undefined ? {} : { 'registry.example:443': target };
  const proxy = await startTunnelProxy(() => targets, otherwise);
  stopLater(proxy);
  return proxy;
}

describe('N40: a registry behind a proxy', () => {
  test.skipIf(!hasProgram('openssl'))(
    'is reached through a tunnel, TLS and all (needs openssl)',
    async () => {
      const tls = await makeCertificate({ names: 'DNS:registry.example' });
      stopLater({ stop: tls.remove });
      const mock = await mockRegistry({ tls });
      const proxy = await proxyTo(mock.host);
      const found = await resolve('registry.example', {
        proxy: { https: proxy.origin },
        ca: tls.certificate,
      });
      expect(found).toBe(digest(bytes));
      expect(proxy.asked).toEqual(['registry.example:443']);
    },
  );

  test('on loopback is reached without it', async () => {
    const mock = await mockRegistry();
    const proxy = await proxyTo(undefined);
    expect(await resolve(mock.host, { proxy: { http: proxy.origin, https: proxy.origin } })).toBe(
      digest(bytes),
    );
    expect(proxy.asked).toEqual([]);
  });

  test('that refuses the tunnel ends with 5, naming host and port', async () => {
    const proxy = await proxyTo(undefined);
    const error = await failureOf(resolve('registry.example', { proxy: { https: proxy.origin } }));
    expect(error.code).toBe('registry/unreachable');
    expect(exitCodeOf(error.code)).toBe(5);
    expect(error.message).toContain('registry.example:443: ');
    expect(error.message).toContain('403');
  });

  test('that closes the connection ends with 5 too, after as many tries as allowed', async () => {
    const proxy = await proxyTo(undefined, 'close');
    const error = await failureOf(resolve('registry.example', { proxy: { https: proxy.origin } }));
    expect(error.message).toContain('registry.example:443: the proxy did not let us through');
    expect(proxy.asked).toHaveLength(5);
  });
});

test('proxies come from the variables that curl and Go read, in either case', () => {
  expect(
    proxyFromEnvironment({ https_proxy: 'a', HTTPS_PROXY: 'b', HTTP_PROXY: 'c', NO_PROXY: 'd' }),
  ).toEqual({
    https: 'a',
    http: 'c',
    none: 'd',
  });
  expect(proxyFromEnvironment({})).toEqual({});
});

describe('N40: a registry that is not there', () => {
  test('a closed port is named, and not tried again', async () => {
    const mock = await startMockRegistry();
    await mock.stop();
    const error = await failureOf(resolve(mock.host, {}));
    expect(error.code).toBe('registry/unreachable');
    expect(error.message).toContain(`${mock.host}: nothing listens there (connection refused)`);
    expect(error.message).not.toContain('tried');
  });

  test('an unknown host is named', async () => {
    const error = await failureOf(
      resolve('registry.invalid', { retries: { attempts: 1, first: 1, longest: 1, retryAfter: 1 } }),
    );
    expect(error.message).toContain('registry.invalid:443: the host name');
  });

  test.each(['a b', 'a/b', 'host:port', 'user@host', '', 'a\nb', 'a?b', '[::1'])(
    '%j is not a registry',
    async (name) => {
      const error = await failureOf(resolve(name, {}));
      expect(error.code).toBe('registry/name');
      expect(exitCodeOf(error.code)).toBe(2);
    },
  );
});
