/** N15 of safety.md: certificates that prove nothing, at a registry and at its token server. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CanaryScene, makeCanaryScene, refuseSecretsAt } from '../../rigs/canary-scene.ts';
import { type Certificate, makeCertificate } from '../../rigs/certificate.ts';
import { hasProgram } from '../../rigs/docker-registry.ts';
import { startGuarded } from '../../rigs/guarded-registry.ts';
import { json, startListener } from '../../rigs/recording-listener.ts';
import { stopEverything, stopLater } from '../../rigs/registry-harness.ts';

type Kind = 'self-signed' | 'expired' | 'for another name';

describe.skipIf(!hasProgram('openssl'))('N15: a certificate (needs openssl) that is', () => {
  let scene: CanaryScene;
  let good: Certificate;
  let bad: Record<Kind, Certificate>;
  beforeAll(async () => {
    good = await makeCertificate();
    bad = {
      'self-signed': await makeCertificate(),
      expired: await makeCertificate({ expired: true }),
      'for another name': await makeCertificate({ names: 'DNS:elsewhere.example' }),
    };
  });
  afterAll(async () => {
    await Promise.all([good, ...Object.values(bad)].map((certificate) => certificate.remove()));
  });
  beforeEach(() => {
    scene = makeCanaryScene();
  });
  afterEach(async () => {
    scene.remove();
    await stopEverything();
  });

  const kinds: readonly Kind[] = ['self-signed', 'expired', 'for another name'];

  /** Only a certificate that is wrong in another way is trusted, so that this way decides. */
  function trust(kind: Kind): string {
    scene.write('trusted.pem', good.certificate + (kind === 'self-signed' ? '' : bad[kind].certificate));
    return `${scene.folder}/trusted.pem`;
  }

  test.each(kinds)('%s, of a registry, ends with 5, and nothing is sent', async (kind) => {
    const registry = await startGuarded({ tls: bad[kind] });
    scene.logIn([registry.host]);
    const env = { NODE_EXTRA_CA_CERTS: trust(kind) };
    const run = await scene.run(['copy', registry.reference, 'oci:out'], env);
    expect(run.stderr).toContain('error[registry/certificate]');
    expect(run.stderr).toContain(registry.host);
    expect(run.status).toBe(5);
    expect(registry.seen()).toBe('');
  });

  test.each(kinds)('%s, of a token server, ends with 5, and nothing is sent', async (kind) => {
    const tokens = stopLater(await startListener(() => json(200, { token: 't' }), { tls: bad[kind] }));
    const challenge = (): string => `Bearer realm="${tokens.origin}/token"`;
    const registry = await startGuarded({ tls: good, challenge });
    scene.logIn([registry.host]);
    const args = ['copy', '--auth-realm', `${registry.host}=${tokens.host}`, registry.reference, 'oci:out'];
    const run = await scene.run(args, { NODE_EXTRA_CA_CERTS: trust(kind) });
    expect(run.stderr).toContain(tokens.host);
    expect(run.status).toBe(5);
    expect(tokens.seen()).toBe('');
    refuseSecretsAt(registry);
  });
});
