import { afterEach, describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../../src/core/diagnostic/catalogue.ts';
import { Secret } from '../../../src/io/registry/secret.ts';
import { errorDocument, json } from '../../rigs/recording-listener.ts';
import {
  canary,
  canaryBase64,
  expectNoCanary,
  failureOf,
  harnessFor,
  makeHarness,
  resolveTagged,
  startTagged,
  stopEverything,
  taggedDigest,
  listen,
  guarded,
} from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

describe('basic authentication', () => {
  test('is used when asked for, and from then on unasked', async () => {
    const mock = await guarded(
      () => 'Basic realm="r"',
      (header) => header === `Basic ${canaryBase64}`,
    );
    const harness = harnessFor(mock.host);
    expect(await resolveTagged(mock.host, harness)).toBe(taggedDigest);
    await resolveTagged(mock.host, harness);
    expect(mock.requests.map((request) => request.headers.authorization !== undefined)).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('a wrong password is tried once, and the error says whose it was and what the registry said', async () => {
    const mock = await guarded(
      () => 'Basic realm="r"',
      () => false,
    );
    const error = await failureOf(resolveTagged(mock.host, harnessFor(mock.host)));
    expect(error.code).toBe('registry/unauthorised');
    expect(exitCodeOf(error.code)).toBe(6);
    expect(error.message).toBe(
      `cannot read manifest \`1\` at ${mock.host}/a/b: the registry answered 401 ` +
        '(UNAUTHORIZED: authentication required); credentials: from /home/alice/.docker/config.json',
    );
  });

  test('without credentials the error says how to log in', async () => {
    const mock = await guarded(
      () => 'Basic realm="r"',
      () => false,
    );
    const error = await failureOf(resolveTagged(mock.host, makeHarness({ plainHttp: [mock.host] })));
    expect(error.message).toContain('credentials: none were found');
    expect(error.help).toContain(`docker login ${mock.host}`);
  });

  test.each(['', 'Bearer', 'Bearer realm="a', 'Digest realm="x", nonce="y"'])(
    'a challenge that cannot be answered (%j) sends nothing',
    async (challenge) => {
      const mock = await guarded(
        () => challenge,
        () => false,
      );
      expect((await failureOf(resolveTagged(mock.host, harnessFor(mock.host)))).code).toBe(
        'registry/unauthorised',
      );
      expectNoCanary(mock);
    },
  );

  test('a registry that echoes our password does not get it printed', async () => {
    const mock = await startTagged((request) =>
      request.headers.authorization === undefined
        ? json(401, errorDocument('UNAUTHORIZED', 'no'), { 'www-authenticate': 'Basic realm="r"' })
        : json(403, errorDocument('DENIED', `no: ${canary} ${request.headers.authorization} \u001b[2J`)),
    );
    const error = await failureOf(resolveTagged(mock.host, harnessFor(mock.host)));
    expect(error.message).toContain('(DENIED: no: [secret] Basic [secret] \\x1b[2J)');
  });
});

describe('bearer tokens', () => {
  const challenge = (realm: string): string =>
    `Bearer realm="${realm}",service="test-service",scope="repository:a/b:pull"`;

  test('are asked for with the password where the realm is the registry itself, and kept', async () => {
    const mock = await startTagged((request) => {
      if (request.path === '/token') return json(200, { token: 'tok-1', expires_in: 300 });
      if (request.headers.authorization === 'Bearer tok-1') return undefined;
      return { status: 401, headers: { 'www-authenticate': challenge(`${mock.origin}/token?x=1`) } };
    });
    const harness = harnessFor(mock.host);
    await resolveTagged(mock.host, harness);
    await resolveTagged(mock.host, harness);
    const asked = mock.requests.filter((request) => request.path === '/token');
    expect(asked.map((request) => request.url)).toEqual([
      '/token?x=1&service=test-service&scope=repository%3Aa%2Fb%3Apull',
    ]);
    expect(asked[0]?.headers.authorization).toBe(`Basic ${canaryBase64}`);
  });

  test('are fetched anew before they expire, and once when they are refused', async () => {
    let issued = 0;
    const mock = await startTagged((request) => {
      if (request.path === '/token')
        return json(200, { access_token: `tok-${String(++issued)}`, expires_in: 100 });
      if (request.headers.authorization === `Bearer tok-${String(issued)}` && issued !== 2) return undefined;
      return { status: 401, headers: { 'www-authenticate': challenge(`${mock.origin}/token`) } };
    });
    const harness = harnessFor(mock.host);
    await resolveTagged(mock.host, harness);
    expect(issued).toBe(1);
    harness.advance(89_000);
    await resolveTagged(mock.host, harness);
    expect(issued).toBe(1);
    harness.advance(2000);
    // The second token is refused: a third is asked for.
    await resolveTagged(mock.host, harness);
    expect(issued).toBe(3);
  });

  test('are asked for once by many requests at the same time', async () => {
    let issued = 0;
    const mock = await startTagged((request) => {
      if (request.path === '/token') return json(200, { token: `tok-${String(++issued)}` });
      if (request.headers.authorization === `Bearer tok-${String(issued)}`) return undefined;
      return { status: 401, headers: { 'www-authenticate': challenge(`${mock.origin}/token`) } };
    });
    const harness = harnessFor(mock.host);
    await Promise.all(Array.from({ length: 8 }, () => resolveTagged(mock.host, harness)));
    expect(issued).toBe(1);
    harness.advance(100_000);
    await Promise.all(Array.from({ length: 8 }, () => resolveTagged(mock.host, harness)));
    expect(issued).toBe(2);
  });

  test('an identity token is posted as a refresh token', async () => {
    const mock = await startTagged((request) => {
      if (request.path === '/token') return json(200, { access_token: 'tok' });
      if (request.headers.authorization === 'Bearer tok') return undefined;
      return { status: 401, headers: { 'www-authenticate': challenge(`${mock.origin}/token`) } };
    });
    const credential = { kind: 'identity-token', token: new Secret(canary), source: 'test' } as const;
    const credentials = { find: () => Promise.resolve(credential) };
    await resolveTagged(mock.host, harnessFor(mock.host, { credentials }));
    const [asked] = mock.requests.filter((request) => request.path === '/token');
    expect(asked?.method).toBe('POST');
    expect(Object.fromEntries(new URLSearchParams(asked?.body.toString()))).toEqual({
      service: 'test-service',
      grant_type: 'refresh_token',
      client_id: 'layerwright',
      scope: 'repository:a/b:pull',
      refresh_token: canary,
    });
  });

  test('a configured token server elsewhere gets the password', async () => {
    const server = await listen(() => json(200, { token: 'tok' }));
    const mock = await guarded(
      () => challenge(`${server.origin}/token`),
      (header) => header === 'Bearer tok',
    );
    const authRealms = [{ registry: mock.host, realm: server.host }];
    await resolveTagged(mock.host, harnessFor(mock.host, { authRealms }));
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${canaryBase64}`);
  });

  test('a refusal of the token server carries its words', async () => {
    const mock = await startTagged((request) =>
      request.path === '/token'
        ? json(401, { details: 'incorrect username or password' })
        : { status: 401, headers: { 'www-authenticate': challenge(`${mock.origin}/token`) } },
    );
    const error = await failureOf(resolveTagged(mock.host, harnessFor(mock.host)));
    expect(error.code).toBe('registry/unauthorised');
    expect(error.message).toContain(
      `its token server ${mock.host} answered 401 (incorrect username or password)`,
    );
    expect(error.message).toContain('credentials: from /home/alice/.docker/config.json');
  });

  test.each([
    ['no token', {}],
    ['a token with a line break', { token: 'a\r\nX-Evil: 1' }],
    ['a token that is a number', { token: 5 }],
    ['a huge token', { token: 'a'.repeat(40_000) }],
  ])('an answer with %s is an error', async (_, answer) => {
    const mock = await startTagged((request) =>
      request.path === '/token'
        ? json(200, answer)
        : { status: 401, headers: { 'www-authenticate': challenge(`${mock.origin}/token`) } },
    );
    const error = await failureOf(resolveTagged(mock.host, harnessFor(mock.host)));
    expect(error.code).toBe('registry/unexpected-answer');
  });

  test('a token server that fails for a moment is asked again', async () => {
    let asked = 0;
    const mock = await startTagged((request) => {
      if (request.path === '/token') return ++asked < 3 ? { status: 503 } : json(200, { token: 'tok' });
      if (request.headers.authorization === 'Bearer tok') return undefined;
      return { status: 401, headers: { 'www-authenticate': challenge(`${mock.origin}/token`) } };
    });
    const harness = harnessFor(mock.host);
    await resolveTagged(mock.host, harness);
    expect(harness.waits).toHaveLength(2);
  });
});
