import { afterEach, describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../../src/core/diagnostic/catalogue.ts';
import { startTunnelProxy } from '../../rigs/tunnel-proxy.ts';
import { json } from '../../rigs/recording-listener.ts';
import {
  expectNoCanary,
  failureOf,
  harnessFor,
  resolveTagged,
  startTagged,
  stopEverything,
  stopLater,
  listen,
  guarded,
} from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

const challenge = (realm: string): string => `Bearer realm="${realm}",service="test-service"`;

describe('a realm that must not be asked', () => {
  test('a token server on another port of this computer is refused before it is connected to', async () => {
    const server = await listen(() => json(200, { token: 'tok' }));
    const mock = await guarded(
      () => challenge(`${server.origin}/token`),
      () => false,
    );
    const error = await failureOf(resolveTagged(mock.host, harnessFor(mock.host)));
    expect(error.code).toBe('registry/realm-refused');
    expect(exitCodeOf(error.code)).toBe(3);
    expect(error.message).toContain(`${server.origin}/token`);
    expect(error.help).toContain('--auth-realm');
    expect(server.connections()).toBe(0);
  });

  test.each([
    'file:///etc/passwd',
    'http://169.254.169.254/token',
    'http://[::1]:9/token',
    'http://0x7f.1:9/token',
    'http://user@127.0.0.1/token',
    'ftp://auth.example/token',
  ])('the realm %s is refused', async (realm) => {
    const mock = await guarded(
      () => challenge(realm),
      () => false,
    );
    const error = await failureOf(resolveTagged(mock.host, harnessFor(mock.host)));
    expect(error.code).toBe('registry/realm-refused');
    expectNoCanary(mock);
  });

  test('a token server that redirects is refused, and the other place hears nothing', async () => {
    const other = await listen(() => json(200, { token: 'tok' }));
    const mock = await startTagged((request) =>
      request.path === '/token'
        ? { status: 307, headers: { location: `${other.origin}/token` } }
        : { status: 401, headers: { 'www-authenticate': challenge(`${mock.origin}/token`) } },
    );
    const error = await failureOf(resolveTagged(mock.host, harnessFor(mock.host)));
    expect(error.code).toBe('registry/realm-refused');
    expect(other.connections()).toBe(0);
  });
});

describe('a foreign realm', () => {
  test('is asked without credentials, and the error names it and the way to trust it', async () => {
    const tokens = await listen(() => json(200, { token: 'anonymous' }));
    const mock = await guarded(
      () => 'Bearer realm="http://auth.corp.example/token",service="s"',
      () => false,
    );
    // A proxy lets a listener on loopback stand for another host.
    const proxy = await startTunnelProxy(() => ({ 'auth.corp.example:80': tokens.host }));
    stopLater(proxy);
    const error = await failureOf(
      resolveTagged(mock.host, harnessFor(mock.host, { proxy: { http: proxy.origin } })),
    );
    expect(error.code).toBe('registry/unauthorised');
    expect(error.message).toContain(
      'credentials: those of /home/alice/.docker/config.json were not sent to the token server auth.corp.example',
    );
    expect(error.help).toBe(
      `if you trust that token server, say --auth-realm ${mock.host}=auth.corp.example`,
    );
    expect(tokens.requests.map((request) => request.headers.authorization)).toEqual([undefined, undefined]);
    expectNoCanary(tokens);
    expect(mock.requests.at(-1)?.headers.authorization).toBe('Bearer anonymous');
  });
});
