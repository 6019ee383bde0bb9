import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../../src/core/diagnostic/catalogue.ts';
import { type Certificate, makeCertificate } from '../../rigs/certificate.ts';
import { hasProgram } from '../../rigs/docker-registry.ts';
import { json, startListener } from '../../rigs/recording-listener.ts';
import {
  canaryFor,
  failureOf,
  makeHarness,
  resolveTagged,
  startTagged,
  stopEverything,
  stopLater,
  taggedDigest,
  listen,
} from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

describe.skipIf(!hasProgram('openssl'))('certificates (needs openssl)', () => {
  let good: Certificate;
  let expired: Certificate;
  let otherName: Certificate;

  beforeAll(async () => {
    good = await makeCertificate();
    expired = await makeCertificate({ expired: true });
    otherName = await makeCertificate({ names: 'DNS:elsewhere.example' });
    return async () => {
      await Promise.all([good, expired, otherName].map((certificate) => certificate.remove()));
    };
  });

  test('a registry on loopback that speaks TLS is asked over TLS', async () => {
    const mock = await startTagged(undefined, { tls: good });
    const harness = makeHarness({ ca: good.certificate });
    expect(await resolveTagged(mock.host, harness)).toBe(taggedDigest);
  });

  test('one that speaks plain http is asked over plain http', async () => {
    const mock = await startTagged(() => undefined);
    expect(await resolveTagged(mock.host, makeHarness())).toBe(taggedDigest);
  });

  test.each(['self-signed', 'expired', 'for another name'])(
    'a certificate that is %s ends with 5, and nothing is sent',
    async (kind) => {
      const tls = kind === 'expired' ? expired : kind === 'self-signed' ? good : otherName;
      const mock = await startTagged(undefined, { tls });
      const given = kind === 'self-signed' ? {} : { ca: tls.certificate };
      const harness = makeHarness({ credentials: canaryFor(mock.host), ...given });
      const error = await failureOf(resolveTagged(mock.host, harness));
      expect(error.code).toBe('registry/certificate');
      expect(exitCodeOf(error.code)).toBe(5);
      expect(error.message).toContain(mock.host);
      expect(mock.seen()).toBe('');
    },
  );

  test('a token server with a certificate for another name gets nothing', async () => {
    const server = await startListener(() => json(200, { token: 'tok' }), { tls: otherName });
    stopLater(server);
    const mock = await startTagged(
      (request) =>
        request.headers.authorization === undefined
          ? { status: 401, headers: { 'www-authenticate': `Bearer realm="${server.origin}/token"` } }
          : undefined,
      { tls: good },
    );
    const ca = good.certificate + otherName.certificate;
    const authRealms = [{ registry: mock.host, realm: server.host }];
    const harness = makeHarness({ credentials: canaryFor(mock.host), ca, authRealms });
    const error = await failureOf(resolveTagged(mock.host, harness));
    expect(error.code).toBe('registry/certificate');
    expect(error.message).toContain(server.host);
    expect(server.seen()).toBe('');
  });

  test('a realm that is not https is refused by a registry that is', async () => {
    const server = await listen(() => json(200, { token: 'tok' }));
    const mock = await startTagged(
      () => ({
        status: 401,
        headers: { 'www-authenticate': `Bearer realm="${server.origin}/token"` },
      }),
      { tls: good },
    );
    const authRealms = [{ registry: mock.host, realm: server.host }];
    const harness = makeHarness({ credentials: canaryFor(mock.host), ca: good.certificate, authRealms });
    expect((await failureOf(resolveTagged(mock.host, harness))).code).toBe('registry/realm-refused');
    expect(server.connections()).toBe(0);
  });
});
