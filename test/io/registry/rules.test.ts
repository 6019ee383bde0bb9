import { describe, expect, test } from 'vitest';
import { addressKind, isLoopback } from '../../../src/io/registry/network-address.ts';
import { judgeRealm } from '../../../src/io/registry/realm-rules.ts';
import { judgeHop } from '../../../src/io/registry/redirect-rules.ts';

describe('the kind of an address', () => {
  test.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.0.9', 'loopback'],
    ['[::1]', 'loopback'],
    ['[::ffff:7f00:1]', 'loopback'],
    ['localhost', 'loopback'],
    ['LocalHost.', 'loopback'],
    ['x.localhost', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['[fe80::1]', 'link-local'],
    ['[fd00:ec2::254]', 'link-local'],
    ['metadata.google.internal', 'link-local'],
    ['10.1.2.3', 'private'],
    ['172.31.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['[fd12::1]', 'private'],
    ['0.0.0.0', 'unspecified'],
    ['[::]', 'unspecified'],
    ['[64:ff9b::a00:1]', 'unspecified'],
    ['224.0.0.1', 'unspecified'],
    ['172.32.0.1', 'public'],
    ['8.8.8.8', 'public'],
    ['[2600::1]', 'public'],
    ['localhost.example.com', 'public'],
    ['ghcr.io', 'public'],
  ])('%s is %s', (host, kind) => {
    expect(addressKind(host)).toBe(kind);
  });

  test('a registry is on loopback with or without a port', () => {
    expect(['localhost:5000', '127.0.0.1', '[::1]:5000', '127.9.9.9:1'].every(isLoopback)).toBe(true);
    expect(['localhost.example.com:5000', '10.0.0.1:5000'].some(isLoopback)).toBe(false);
  });
});

describe('the realm of a challenge', () => {
  const judge = (realm: string, registry = 'ghcr.io', origin = `https://${registry}`): string => {
    const verdict = judgeRealm(realm, { registry, origin: new URL(origin), pairs });
    return verdict.allowed ? verdict.credentials : verdict.reason;
  };
  const pairs = [
    { registry: 'corp.example', realm: 'sso.example' },
    { registry: '127.0.0.1:5000', realm: '127.0.0.1:5001' },
    { registry: 'tls.example', realm: '10.0.0.7:8443' },
  ];

  test.each([
    ['https://ghcr.io/token', 'ghcr.io'],
    ['https://GHCR.io:443/token', 'ghcr.io'],
    ['https://corp.example/auth', 'corp.example:5000'],
    ['https://sso.example/auth', 'corp.example'],
    ['https://10.0.0.7:8443/auth', 'tls.example'],
    ['https://gitlab.com/jwt/auth', 'registry.gitlab.com'],
  ])('%s may see the credentials of %s', (realm, registry) => {
    expect(judge(realm, registry)).toBe('send');
  });

  test('docker.io has its token server built in', () => {
    expect(judge('https://auth.docker.io/token', 'docker.io', 'https://registry-1.docker.io')).toBe('send');
    expect(judge('https://auth.docker.io/token', 'evil.example')).toBe('withhold');
  });

  test('a realm elsewhere is asked anonymously', () => {
    expect(judge('https://auth.evil.example/token')).toBe('withhold');
    expect(judge('https://ghcr.io.evil.example/token')).toBe('withhold');
    expect(judge('https://sso.example:8443/auth', 'corp.example')).toBe('withhold');
  });

  test.each([
    ['http://ghcr.io/token', 'it is not https (http)'],
    ['file:///etc/passwd', 'it is not https (file)'],
    ['javascript:alert(1)', 'it is not https (javascript)'],
    ['https://169.254.169.254/token', 'its address is link-local'],
    ['https://[::1]/token', 'its address is loopback'],
    ['https://0x7f.1/token', 'its address is loopback'],
    ['https://2130706433/token', 'its address is loopback'],
    ['https://[::ffff:127.0.0.1]/token', 'its address is loopback'],
    ['https://localhost/token', 'its address is loopback'],
    ['https://10.0.0.7/token', 'its address is private'],
    ['https://0.0.0.0/token', 'its address is unspecified'],
    ['https://user@ghcr.io/token', 'it holds a user name or password'],
    ['https://:pass@ghcr.io/token', 'it holds a user name or password'],
    ['', 'it is not a URL'],
    ['/token', 'it is not a URL'],
    [`https://ghcr.io/${'a'.repeat(2048)}`, 'it is not a URL'],
  ])('%s is refused', (realm, reason) => {
    expect(judge(realm)).toBe(reason);
  });

  test('a plain http registry may name itself, and its pair, but no other port of this computer', () => {
    const [registry, origin] = ['127.0.0.1:5000', 'http://127.0.0.1:5000'];
    expect(judge('http://127.0.0.1:5000/token', registry, origin)).toBe('send');
    expect(judge('http://127.0.0.1:5001/token', registry, origin)).toBe('send');
    expect(judge('http://127.0.0.1:5002/token', registry, origin)).toBe('its address is loopback');
    expect(judge('http://auth.example/token', registry, origin)).toBe('withhold');
  });
});

describe('where a redirect may lead', () => {
  const judge = (
    location: string | undefined,
    carries: 'body' | 'nothing' = 'nothing',
    at = 'https://ghcr.io',
  ): string => {
    const from = new URL('/v2/a/blobs/x', at);
    const verdict = judgeHop({ location, from, origin: new URL(at), carries });
    return verdict.allowed ? verdict.url.href : verdict.reason;
  };

  test('to storage elsewhere, and to a path of its own', () => {
    expect(judge('https://cdn.example/x?sig=1')).toBe('https://cdn.example/x?sig=1');
    expect(judge('/v2/b')).toBe('https://ghcr.io/v2/b');
    expect(judge('https://10.0.0.5:9000/bucket')).toBe('https://10.0.0.5:9000/bucket');
    expect(judge('http://127.0.0.1:9/x', 'nothing', 'http://127.0.0.1:5000')).toBe('http://127.0.0.1:9/x');
  });

  test.each([
    [undefined, 'it gave no Location'],
    ['http://cdn.example/x', 'it leads from https to http (cdn.example)'],
    ['file:///etc/passwd', 'it leads to file:'],
    ['https://a:b@cdn.example/', 'its Location holds a user name or password'],
    ['https://127.0.0.1/x', 'it leads to 127.0.0.1 (loopback)'],
    ['https://169.254.169.254/', 'it leads to 169.254.169.254 (link-local)'],
    ['https://[::]/', 'it leads to [::] (unspecified)'],
    ['https://', 'its Location is not a URL'],
  ])('never to %s', (location, reason) => {
    expect(judge(location)).toBe(reason);
  });

  test('bytes of ours go to the registry alone', () => {
    expect(judge('/v2/a/uploads/1', 'body')).toBe('https://ghcr.io/v2/a/uploads/1');
    expect(judge('https://ghcr.io:8443/up', 'body')).toBe('https://ghcr.io:8443/up');
    expect(judge('https://up.example/1', 'body')).toBe('it would send our bytes to another host, up.example');
  });
});
