/** N02, N03, N04 of safety.md: what a registry may make us ask, and whom it may make us tell our password. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CanaryScene, makeCanaryScene, refuseSecretsAt } from '../../rigs/canary-scene.ts';
import { startGuarded } from '../../rigs/guarded-registry.ts';
import { json } from '../../rigs/recording-listener.ts';
import { canaryBase64, listen, stopEverything, stopLater } from '../../rigs/registry-harness.ts';
import { startTunnelProxy } from '../../rigs/tunnel-proxy.ts';

let scene: CanaryScene;
beforeEach(() => {
  scene = makeCanaryScene();
});
afterEach(async () => {
  scene.remove();
  await stopEverything();
});

const bearer = (realm: string): string => `Bearer realm="${realm}",service="s",scope="repository:x:pull"`;

test('N02: a token server on another host gets no password; 6, and it is named with the way to trust it', async () => {
  const tokens = await listen(() => json(200, { token: 'anonymous' }));
  const registry = await startGuarded({ challenge: () => bearer('http://auth.corp.example/token') });
  scene.logIn([registry.host, 'auth.corp.example']);
  const proxy = stopLater(await startTunnelProxy(() => ({ 'auth.corp.example:80': tokens.host })));
  const run = await scene.run(['copy', registry.reference, 'oci:out'], { HTTP_PROXY: proxy.origin });
  expect(run.status).toBe(6);
  expect(run.stderr).toContain('were not sent to the token server auth.corp.example');
  expect(run.stderr).toContain(`--auth-realm ${registry.host}=auth.corp.example`);
  expect(tokens.requests.length).toBeGreaterThan(0);
  refuseSecretsAt(tokens);
});

test('N02: the same token server gets the password once --auth-realm trusts it', async () => {
  const tokens = await listen(() => json(200, { token: 'trusted' }));
  const registry = await startGuarded({
    challenge: () => bearer('http://auth.corp.example/token'),
    accepts: 'Bearer trusted',
  });
  scene.logIn([registry.host]);
  const proxy = stopLater(await startTunnelProxy(() => ({ 'auth.corp.example:80': tokens.host })));
  const trust = `${registry.host}=auth.corp.example`;
  const args = ['copy', '--auth-realm', trust, registry.reference, 'oci:out'];
  const run = await scene.run(args, { HTTP_PROXY: proxy.origin });
  expect(run.status).toBe(0);
  expect(tokens.requests[0]?.headers.authorization).toBe(`Basic ${canaryBase64}`);
});

describe('N03: a realm that must not be asked', () => {
  test.each([
    ['of another port of this computer', 'http://HOST/token'],
    ['that is a file', 'file:///etc/passwd'],
    ['of the metadata service', 'http://169.254.169.254/token'],
    ['in IPv6 loopback', 'http://[::1]:PORT/token'],
    ['in a form that only a URL parser reads', 'http://0x7f.1:PORT/token'],
    ['with a user name', 'http://user@HOST/token'],
    ['with a password', 'http://user:pass@HOST/token'],
  ])('%s ends with 3 before anyone is connected to', async (_, form) => {
    const other = await listen(() => json(200, { token: 'tok' }));
    const port = other.host.split(':')[1] ?? '';
    const realm = form.replace('HOST', other.host).replace('PORT', port);
    const registry = await startGuarded({ challenge: () => bearer(realm) });
    scene.logIn([registry.host, other.host]);
    const run = await scene.run(['copy', registry.reference, 'oci:out']);
    expect(run.stderr).toContain('error[registry/realm-refused]');
    expect(run.status).toBe(3);
    expect(other.connections()).toBe(0);
    refuseSecretsAt(registry);
  });
});

test('N04: a token server that redirects ends with 3, and the new place hears nothing', async () => {
  const other = await listen(() => json(200, { token: 'tok' }));
  const registry = await startGuarded({
    challenge: () => bearer(`http://${registry.host}/token`),
    answer: ({ path }) =>
      path === '/token' ? { status: 307, headers: { location: `${other.origin}/token` } } : undefined,
  });
  scene.logIn([registry.host]);
  const run = await scene.run(['copy', registry.reference, 'oci:out']);
  expect(run.stderr).toContain('redirected the request for a token (307)');
  expect(run.status).toBe(3);
  expect(other.connections()).toBe(0);
});
