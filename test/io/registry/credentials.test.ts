import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../../src/core/diagnostic/catalogue.ts';
import { askCredentialHelper } from '../../../src/io/registry/credential-helper.ts';
import type { Credential, CredentialQuestion } from '../../../src/io/registry/credential.ts';
import { type CredentialPlaces, credentialsOf } from '../../../src/io/registry/credentials.ts';
import { Secret, withoutSecrets } from '../../../src/io/registry/secret.ts';
import { canary, canaryBase64, failureOf } from '../../rigs/registry-harness.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'lw-home-'));
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function file(path: string, content: unknown): Promise<string> {
  const full = join(home, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, typeof content === 'string' ? content : JSON.stringify(content));
  return full;
}

function auth(user: string): { auth: string } {
  return { auth: Buffer.from(`${user}:${canary}`).toString('base64') };
}

async function find(
  question: string | CredentialQuestion,
  places: Partial<CredentialPlaces> = {},
): Promise<Credential | undefined> {
  const credentials = credentialsOf({ home, environment: {}, ...places });
  return await credentials.find(typeof question === 'string' ? { registry: question } : question);
}

async function userFor(
  question: string | CredentialQuestion,
  places?: Partial<CredentialPlaces>,
): Promise<unknown> {
  const found = await find(question, places);
  return found?.kind === 'password' ? found.username : found;
}

describe('the first source that has credentials for a registry wins', () => {
  test('in the order of the documentation', async () => {
    const all = { 'a.example': auth('x') };
    await file('.docker/config.json', { auths: { ...all, 'a.example': auth('docker') } });
    await file('run/containers/auth.json', { auths: { 'a.example': auth('run') } });
    await file('.config/containers/auth.json', { auths: { 'a.example': auth('config') } });
    const authfile = await file('auth.json', { auths: { 'a.example': auth('authfile') } });
    const named = await file('named.json', { auths: { 'a.example': auth('named') } });
    const inline = JSON.stringify({ auths: { 'a.example': auth('inline') } });
    const runtime = { XDG_RUNTIME_DIR: join(home, 'run') };
    expect(await userFor('a.example', { authfile, environment: { REGISTRY_AUTH_FILE: named } })).toBe(
      'authfile',
    );
    expect(
      await userFor('a.example', { environment: { REGISTRY_AUTH_FILE: named, DOCKER_AUTH_CONFIG: inline } }),
    ).toBe('named');
    expect(await userFor('a.example', { environment: { DOCKER_AUTH_CONFIG: inline, ...runtime } })).toBe(
      'inline',
    );
    expect(await userFor('a.example', { environment: runtime })).toBe('docker');
    expect(await userFor('a.example', { environment: { DOCKER_CONFIG: '/nowhere', ...runtime } })).toBe(
      'run',
    );
    expect(await userFor('a.example', { environment: { DOCKER_CONFIG: '/nowhere' } })).toBe('config');
    expect(await userFor('b.example', { authfile, environment: runtime })).toBeUndefined();
  });

  test('one that has none for this registry leaves the question to the next', async () => {
    const authfile = await file('auth.json', { auths: { 'a.example': auth('authfile') } });
    await file('.docker/config.json', { auths: { 'b.example': auth('docker') } });
    expect(await userFor('b.example', { authfile })).toBe('docker');
  });

  test('GITHUB_TOKEN is for ghcr.io alone', async () => {
    const environment = { GITHUB_TOKEN: canary, GITHUB_ACTOR: 'octocat' };
    expect(await userFor('ghcr.io', { environment })).toBe('octocat');
    expect(await userFor('ghcr.io.evil.example', { environment })).toBeUndefined();
  });
});

describe('a file with credentials', () => {
  test('says where they came from', async () => {
    const path = await file('.docker/config.json', { auths: { 'a.example': auth('alice') } });
    const found = await find('a.example');
    expect(found?.source).toBe(path);
    expect(found?.kind === 'password' && found.password.reveal()).toBe(canary);
  });

  test.each([
    ['docker.io', 'https://index.docker.io/v1/'],
    ['docker.io', 'index.docker.io'],
    ['docker.io', 'docker.io'],
    ['a.example', 'https://a.example'],
    ['a.example', 'https://a.example/v2/'],
    ['a.example:5000', 'http://a.example:5000/'],
    ['A.example', 'a.EXAMPLE'],
  ])('answers for %s by the key %s', async (registry, key) => {
    await file('.docker/config.json', { auths: { [key]: auth('alice') } });
    expect(await userFor(registry)).toBe('alice');
  });

  test.each(['a.example:5000', 'b.a.example', 'a.example.evil', 'a.exampl'])(
    'does not answer for %s',
    async (registry) => {
      await file('.docker/config.json', { auths: { 'a.example': auth('alice') } });
      expect(await userFor(registry)).toBeUndefined();
    },
  );

  test('prefers the longest path of the repository', async () => {
    const auths = {
      'a.example': auth('host'),
      'a.example/team': auth('team'),
      'a.example/team/api': auth('api'),
    };
    await file('.docker/config.json', { auths });
    expect(await userFor({ registry: 'a.example', repository: 'team/api' })).toBe('api');
    expect(await userFor({ registry: 'a.example', repository: 'team/web' })).toBe('team');
    expect(await userFor({ registry: 'a.example', repository: 'teams/web' })).toBe('host');
  });

  test('may give an identity token, or a user name and a password apart', async () => {
    const auths = {
      'a.example': { identitytoken: canary, auth: '' },
      'b.example': { username: 'bob', password: canary },
      'c.example': {},
    };
    await file('.docker/config.json', { auths });
    expect((await find('a.example'))?.kind).toBe('identity-token');
    expect(await userFor('b.example')).toBe('bob');
    expect(await userFor('c.example')).toBeUndefined();
  });

  test.each([
    ['is not JSON', `{"auths": {"a.example": {"auth": "${canaryBase64}"`],
    ['names a registry twice', `{"auths": {"a.example": {"auth": "${canaryBase64}"}, "a.example": {}}}`],
    ['is a list', '[]'],
    ['has an auth that is not user:password', JSON.stringify({ auths: { 'a.example': { auth: canary } } })],
  ])('that %s is an error, which does not quote it', async (_, content) => {
    const path = await file('.docker/config.json', content);
    const error = await failureOf(find('a.example'));
    expect(error.code).toBe('registry/credential-file');
    expect(exitCodeOf(error.code)).toBe(6);
    expect(error.message).toContain(path);
    expect(error.message).not.toContain('auth"');
  });

  test('that was named must be there', async () => {
    const error = await failureOf(find('a.example', { authfile: join(home, 'absent.json') }));
    expect(error.message).toContain('absent.json cannot be read (ENOENT)');
  });
});

describe('a credential helper', () => {
  const environment = (): Record<string, string> => ({
    PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}`,
  });

  async function helper(script: string): Promise<void> {
    await chmod(await file('bin/docker-credential-test', `#!/bin/sh\n${script}\n`), 0o755);
  }

  const ask = (registry = 'a.example', limit?: number): Promise<Credential | undefined> =>
    askCredentialHelper(
      'test',
      { registry },
      { name: 'config.json', environment: environment(), ...(limit === undefined ? {} : { limit }) },
    );

  test('is asked for the registry on its standard input', async () => {
    await helper(
      `read host; test "$1" = get && echo "{\\"ServerURL\\":\\"$host\\",\\"Username\\":\\"$host\\",\\"Secret\\":\\"${canary}\\"}"`,
    );
    expect(await ask()).toMatchObject({
      kind: 'password',
      username: 'a.example',
      source: 'docker-credential-test',
    });
    expect(await ask('docker.io')).toMatchObject({ username: 'https://index.docker.io/v1/' });
  });

  test('may give an identity token', async () => {
    await helper(`echo '{"Username":"<token>","Secret":"${canary}"}'`);
    expect((await ask())?.kind).toBe('identity-token');
  });

  test('that has nothing for the registry is no error, and the file itself is asked next', async () => {
    await helper('echo "credentials not found in native keychain"; exit 1');
    await file('.docker/config.json', { credsStore: 'test', auths: { 'a.example': auth('alice') } });
    expect(await userFor('a.example', { environment: environment() })).toBe('alice');
  });

  test('for one registry comes before the store for all', async () => {
    await helper(`echo '{"Username":"helped","Secret":"${canary}"}'`);
    const config = { credsStore: 'absent', credHelpers: { 'a.example': 'test' } };
    await file('.docker/config.json', config);
    expect(await userFor('a.example', { environment: environment() })).toBe('helped');
    const error = await failureOf(find('b.example', { environment: environment() }));
    expect(error.message).toContain('docker-credential-absent');
    expect(error.message).toContain('is not installed');
  });

  test.each([
    ['fails', `echo "${canary}"; echo "${canary}" >&2; exit 1`, 'ended with status 1'],
    ['prints garbage', `echo "${canary}"`, 'printed something that is not a credential'],
    [
      'prints an empty secret',
      'echo \'{"Username":"a","Secret":""}\'',
      'printed something that is not a credential',
    ],
    [
      'prints without end',
      'while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done',
      'printed more than 1 MiB',
    ],
    ['ends by a signal', 'kill -9 $$', 'ended'],
  ])('that %s ends with 6 and names it', async (_, script, found) => {
    await helper(script);
    const error = await failureOf(ask());
    expect(error.code).toBe('registry/credential-helper');
    expect(exitCodeOf(error.code)).toBe(6);
    expect(error.message).toContain('docker-credential-test');
    expect(error.message).toContain(found);
  });

  test('that hangs is ended', async () => {
    await helper('exec sleep 60');
    const error = await failureOf(ask('a.example', 200));
    expect(error.message).toContain('gave no answer within 0.2 s');
  });

  test('that is not executable is named', async () => {
    await chmod(await file('bin/docker-credential-test', 'x'), 0o644);
    const error = await failureOf(ask());
    expect(error.message).toMatch(
      /docker-credential-test \(named by config\.json\) is not (executable|installed)/,
    );
  });

  test.each(['../evil', 'a/b', '', 'a b', '-x;id'])('whose name is %j is never started', async (name) => {
    const error = await failureOf(
      askCredentialHelper(name, { registry: 'a' }, { name: 'f', environment: {} }),
    );
    expect(error.code).toBe('registry/name');
    expect(exitCodeOf(error.code)).toBe(2);
  });

  test.each(['a\nb', 'a\0b', 'a\rb'])('is never given the host %j', async (host) => {
    const error = await failureOf(ask(host));
    expect(error.code).toBe('registry/name');
  });
});

test('a secret does not show in any kind of output', () => {
  const secret = new Secret(canary);
  const credential = { kind: 'password', username: 'alice', password: secret };
  const shown = [
    String(secret),
    JSON.stringify(credential),
    inspect(credential, { depth: 9, showHidden: true }),
  ];
  expect(shown.join(' ')).not.toContain(canary);
  expect(secret.reveal()).toBe(canary);
  expect(withoutSecrets(`a ${canary} b ${canary}`, [secret, new Secret('')])).toBe('a [secret] b [secret]');
});
