/** `doctor`: every credential source in its order, whether a registry answers, and never a secret. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CanaryScene, makeCanaryScene, refuseSecretsAt } from '../rigs/canary-scene.ts';
import { startGuarded } from '../rigs/guarded-registry.ts';
import { json } from '../rigs/recording-listener.ts';
import { canary, canaryBase64, stopEverything } from '../rigs/registry-harness.ts';

let scene: CanaryScene;
beforeEach(() => {
  scene = makeCanaryScene();
});
afterEach(async () => {
  scene.remove();
  await stopEverything();
});

interface Report {
  readonly registry: {
    readonly sources: readonly { readonly name: string; readonly answer: string }[];
    readonly signIn: string;
    readonly challenges: readonly object[];
    readonly problem?: { readonly code: string };
  };
}

async function report(host: string, env: Readonly<Record<string, string>> = {}) {
  const run = await scene.run(['doctor', '--registry', host, '--json'], env);
  return { run, found: (JSON.parse(run.stdout) as Report).registry };
}

describe('doctor', () => {
  test('says what is here, and hides the password of a proxy', async () => {
    const env = { HTTPS_PROXY: `http://user:${canary}@proxy.example:3128` };
    const { status, stdout } = await scene.run(['doctor'], env);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^node {8}v\d+\./m);
    expect(stdout).toMatch(/^store .*\(not made yet|writable\)$/m);
    expect(stdout).toContain('http://[secret]@proxy.example:3128');
  });

  test('shows every source in order, which one is used, and that the registry takes it', async () => {
    const registry = await startGuarded({ open: ({ path, headers }) => openV2(path, headers.authorization) });
    scene.logIn([registry.host]);
    const auths = { auths: { [registry.host]: { auth: canaryBase64 } } };
    scene.writeHome('.config/containers/auth.json', JSON.stringify(auths));
    const { run, found } = await report(registry.host, { DOCKER_AUTH_CONFIG: '{"auths":{}}' });
    expect(run.status).toBe(0);
    expect(found.sources.map(({ answer }) => answer)).toEqual([
      'not there',
      'nothing for this registry',
      'first',
      'not there',
      'later',
      'not there',
    ]);
    expect(found.signIn).toBe('accepted');
    const text = await scene.run(['doctor', '--registry', registry.host]);
    expect(text.stdout).toContain(`${scene.home}/.docker/config.json: has password, which is used`);
    expect(text.stdout).toContain('answers     yes, 401 to GET /v2/');
  });

  test('says that a password is refused, and ends with 6', async () => {
    const registry = await startGuarded({ accepts: 'Basic other' });
    scene.logIn([registry.host]);
    const { run, found } = await report(registry.host);
    expect(run.status).toBe(6);
    expect(found).toMatchObject({ signIn: 'refused', problem: { code: 'registry/unauthorised' } });
  });

  test('names the token server that would not get the password', async () => {
    const registry = await startGuarded({ challenge: () => 'Bearer realm="http://169.254.169.254/t"' });
    scene.logIn([registry.host]);
    const { run, found } = await report(registry.host);
    expect(run.status).toBe(3);
    expect(found.challenges).toEqual([
      { scheme: 'bearer', realm: 'http://169.254.169.254/t', credentials: 'its address is link-local' },
    ]);
    refuseSecretsAt(registry);
  });

  test('names a helper that fails, and one that answers', async () => {
    const registry = await startGuarded();
    scene.logIn([], { credsStore: 'test' });
    expect((await report(registry.host)).run.status).toBe(6);
    const helper = join(scene.bin, 'docker-credential-test');
    writeFileSync(helper, `#!/bin/sh\necho '{"Username":"alice","Secret":"${canary}"}'\n`);
    chmodSync(helper, 0o755);
    const { run } = await report(registry.host);
    expect(run.stdout).toContain('"from": "docker-credential-test"');
  });

  test('says that nothing listens, and ends with 5', async () => {
    const { run, found } = await report('127.0.0.1:1');
    expect(run.status).toBe(5);
    expect(found).toMatchObject({ signIn: 'failed', problem: { code: 'registry/unreachable' } });
  });
});

function openV2(path: string, authorization: string | undefined) {
  return path === '/v2/' && authorization === `Basic ${canaryBase64}` ? json(200, {}) : undefined;
}
