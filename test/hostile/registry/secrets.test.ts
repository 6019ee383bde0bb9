/** N18 of safety.md: a secret is in no output, no file of ours, no command line and no crash, whatever the registry does. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type CanaryScene,
  makeCanaryScene,
  refuseCanaries,
  refuseSecretsAt,
  tokenCanary,
} from '../../rigs/canary-scene.ts';
import { type GuardedRegistry, startGuarded } from '../../rigs/guarded-registry.ts';
import { errorDocument, json, type RecordedRequest, type Reply } from '../../rigs/recording-listener.ts';
import { canary, canaryBase64, stopEverything } from '../../rigs/registry-harness.ts';

let scene: CanaryScene;
beforeEach(() => {
  scene = makeCanaryScene();
});
afterEach(async () => {
  scene.remove();
  await stopEverything();
});

/** A registry whose own token server gives out the other canary for alice's password. */
async function startWithTokens(
  answer: (request: RecordedRequest) => Reply | undefined = () => undefined,
): Promise<GuardedRegistry> {
  const registry = await startGuarded({
    challenge: () => `Bearer realm="http://${registry.host}/token"`,
    accepts: `Bearer ${tokenCanary}`,
    answer,
    open: ({ path, headers }) =>
      path === '/token' && headers.authorization === `Basic ${canaryBase64}`
        ? json(200, { token: tokenCanary })
        : undefined,
  });
  return registry;
}

const recipe = `
image: HOST/team/built
outputs: ["oci:built"]
layers:
  - copy: files
    to: /files
`;

describe('N18: the secret is nowhere but at its registry', () => {
  test('when an image is built, pushed, copied and looked at, however much is said', async () => {
    const registry = await startWithTokens();
    scene.logIn([registry.host]);
    scene.write('oci.config.yaml', recipe.replace('HOST', registry.host));
    scene.write('files/a.txt', 'a');
    const calls = [
      ['build', '-v', '--push', '--metadata-file', 'metadata.json'],
      ['build', '--json', '--push', '-t', `${registry.host}/team/built:2`],
      ['build', '--progress', 'json', '--no-cache', '--push'],
      ['plan', '--json', '--out', 'plan.json'],
      ['copy', '-v', registry.reference, 'oci:out'],
      ['copy', '--json', registry.reference, 'oci-archive:out.tar'],
      ['inspect', '-v', registry.reference],
      ['inspect', '--json', registry.reference],
      ['push', '-v', 'oci:built', `${registry.host}/team/again:1`],
    ];
    for (const call of calls) {
      const run = await scene.run(call);
      expect([call, run.status, run.stderr]).toEqual([call, 0, run.stderr]);
    }
    expect(registry.seen()).toContain(`Bearer ${tokenCanary}`);
    const stored = [
      ...registry.blobs.values(),
      ...[...registry.manifests.values()].map(({ bytes }) => bytes),
    ];
    refuseCanaries({ 'the registry': stored.map((bytes) => Buffer.from(bytes).toString('latin1')).join() });
  });

  test.each([
    ['DOCKER_AUTH_CONFIG', (host: string) => JSON.stringify({ auths: { [host]: { auth: canaryBase64 } } })],
    ['REGISTRY_AUTH_FILE', () => `${scene.home}/named.json`],
  ])('when it comes from %s', async (name, value) => {
    const registry = await startWithTokens();
    scene.writeHome('named.json', JSON.stringify({ auths: { [registry.host]: { auth: canaryBase64 } } }));
    const run = await scene.run(['copy', '-v', registry.reference, 'oci:out'], {
      [name]: value(registry.host),
    });
    expect(run.status).toBe(0);
  });

  test('when it is GITHUB_TOKEN, and the registry is not ghcr.io', async () => {
    const registry = await startWithTokens();
    const run = await scene.run(['copy', registry.reference, 'oci:out'], { GITHUB_TOKEN: canary });
    expect(run.status).toBe(6);
    expect(run.stderr).toContain('credentials: none were found');
    refuseSecretsAt(registry);
  });
});

describe('N18: a registry that repeats our secrets does not get them printed', () => {
  const echoes: readonly (readonly [string, (request: RecordedRequest, word: string) => Reply, number])[] = [
    ['in its words', (_, word) => json(403, errorDocument('DENIED', `no: ${word}`)), 6],
    [
      'in plain words',
      (_, word) => ({ status: 400, headers: { 'content-type': 'text/plain' }, body: word }),
      5,
    ],
    ['in a redirect', (_, word) => ({ status: 307, headers: { location: `ftp://h/${word}` } }), 3],
    ['in a host', (_, word) => ({ status: 307, headers: { location: `http://${word}@localhost/` } }), 3],
    ['in a digest', (_, word) => ({ status: 200, headers: { 'docker-content-digest': word } }), 3],
    ['in a media type', (_, word) => ({ status: 200, headers: { 'content-type': word }, body: '{}' }), 3],
    [
      'in a manifest',
      (_, word) => ({
        status: 200,
        headers: { 'content-type': 'application/vnd.oci.image.manifest.v1+json' },
        body: JSON.stringify({ schemaVersion: 2, layers: [{ digest: word, mediaType: word, size: 1 }] }),
      }),
      3,
    ],
  ];
  test.each(echoes)('%s', async (_, reply, status) => {
    for (const word of [canary, tokenCanary, canaryBase64, `Bearer ${tokenCanary}`]) {
      const registry = await startWithTokens((request) =>
        request.path.includes('/manifests/') ? reply(request, word) : undefined,
      );
      scene.logIn([registry.host]);
      const run = await scene.run(['copy', '-v', '--progress', 'plain', registry.reference, 'oci:out']);
      expect([run.status, run.stderr]).toEqual([status, run.stderr]);
    }
  });
});

describe('N18: a crash of ours ends with 70 and shows no secret', () => {
  // Loaded before the command: each is a bug at a place where the secrets are at hand.
  const bugs: readonly (readonly [string, string])[] = [
    [
      'that nobody awaits, with the request as a member of the error',
      `import { subscribe } from 'node:diagnostics_channel';
       subscribe('undici:request:create', ({ request }) => {
         throw Object.assign(new Error('Bug: planted'), { request, headers: String(request.headers) });
       });`,
    ],
    [
      'whose message holds what was being written',
      `const real = Buffer.prototype.toString;
       Buffer.prototype.toString = function (encoding, ...rest) {
         const text = real.call(this, 'utf8');
         if (encoding === 'base64' && text.startsWith('alice:')) throw new Error('Bug: planted at ' + text);
         return real.call(this, encoding, ...rest);
       };`,
    ],
  ];
  test.each(bugs)('%s', async (_, code) => {
    const registry = await startGuarded();
    scene.logIn([registry.host]);
    scene.writeHome('bug.mjs', code);
    const NODE_OPTIONS = `--import=${scene.home}/bug.mjs`;
    const run = await scene.run(['copy', '-v', registry.reference, 'oci:out'], { NODE_OPTIONS });
    expect(run.stderr).toContain('Bug: planted');
    expect(run.status).toBe(70);
  });
});
