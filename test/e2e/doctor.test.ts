/** `doctor`: every credential source in its order, whether a registry answers, and never a secret. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Check } from '../../src/cli/commands/doctor-report.ts';
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

/** By name. */
async function checks(
  env: Readonly<Record<string, string>> = {},
): Promise<Partial<Record<Check['name'], Check>>> {
  const { status, stdout } = await scene.run(['doctor', '--json'], env);
  expect(status).toBe(0);
  const { checks: found } = JSON.parse(stdout) as { readonly checks: readonly Check[] };
  return Object.fromEntries(found.map((check) => [check.name, check]));
}

describe('doctor', () => {
  test('says what is here, and hides the password of a proxy', async () => {
    const env = { HTTPS_PROXY: `http://user:${canary}@proxy.example:3128` };
    const { status, stdout } = await scene.run(['doctor'], env);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^node {10}v\d+\./m);
    expect(stdout).toMatch(/^store .*\(not made yet|writable\)$/m);
    expect(stdout).toContain('http://[secret]@proxy.example:3128');
  });

  test('finds a recipe, and says whether its lock is complete', async () => {
    scene.write('oci.config.yaml', 'image: localhost/a\nlayers: [{ file: /a, content: b }]\n');
    expect((await checks()).lock).toMatchObject({ state: 'doubtful', help: expect.stringContaining('lock') });
    expect((await scene.run(['lock'])).status).toBe(0);
    const { recipe, lock } = await checks();
    expect([recipe, lock]).toEqual([
      { name: 'recipe', state: 'fine', found: 'oci.config.yaml' },
      { name: 'lock', state: 'fine', found: 'oci.lock is complete' },
    ]);
  });

  test('names the line that the lock lacks, without asking a registry', async () => {
    scene.write('oci.config.yaml', 'image: localhost/a\nfrom: registry.invalid/base:1\n');
    const { lock } = await checks();
    expect(lock?.found).toMatch(/^oci\.config\.yaml:2: .*registry\.invalid\/base:1.* is not pinned/);
  });

  test('shows a mistake of the recipe, and goes on', async () => {
    scene.write('oci.config.yaml', 'image: localhost/a\nlayerz: []\n');
    const { recipe, lock } = await checks();
    expect(recipe).toMatchObject({ state: 'doubtful', help: 'did you mean `layers`?' });
    expect(recipe?.found).toContain('oci.config.yaml:2: ');
    expect(lock).toBeUndefined();
  });

  test('where there is nothing at all, says of each thing what to do', async () => {
    const found = await checks({ PATH: '/nowhere', NODE_DISABLE_COMPILE_CACHE: '1' });
    expect(found.recipe).toMatchObject({
      state: 'missing',
      help: expect.stringContaining('layerwright init'),
    });
    expect(found.engine).toMatchObject({ state: 'missing', help: expect.stringContaining('podman') });
    expect(found['compile cache']?.state).toBe('missing');
    const silent = Object.values(found).filter(({ state, help }) => state !== 'fine' && help === undefined);
    // Of two runtimes one is enough.
    expect(silent.map(({ name }) => name).filter((name) => !['runc', 'crun'].includes(name))).toEqual([]);
  });

  test('says how much the store holds once a build has filled it', async () => {
    expect((await checks()).store?.found).toMatch(/store \(not made yet\)$/);
    scene.write('oci.config.yaml', 'image: localhost/a\nlayers: [{ file: /a, content: b }]\n');
    expect((await scene.run(['build'])).status).toBe(0);
    expect((await checks()).store?.found).toMatch(/store \(\d.* in [1-9]\d* blobs, writable\)$/);
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
    expect(text.stdout).toContain('answers       yes, 401 to GET /v2/');
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
