import { afterEach, describe, expect, test } from 'vitest';
import { type Digest, digestOf } from '../../../src/core/digest/digest.ts';
import { deleteManifest } from '../../../src/io/registry/delete-manifest.ts';
import type { ManifestName } from '../../../src/io/registry/manifests.ts';
import type { RegistryError } from '../../../src/io/registry/registry-error.ts';
import type { MockOptions, MockRegistry } from '../../rigs/mock-registry.ts';
import { errorDocument, json } from '../../rigs/recording-listener.ts';
import {
  failureOf,
  guarded,
  harnessFor,
  never,
  startTagged,
  stopEverything,
  taggedDigest,
} from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

const tag: ManifestName = { tag: '1' };
const digest: ManifestName = { digest: digestOf(new Uint8Array()) };

async function remove(mock: MockRegistry, name: ManifestName): Promise<void> {
  const { client } = harnessFor(mock.host);
  const repository = await client.open(mock.host, 'a/b', { purpose: 'delete', signal: never });
  await deleteManifest(repository, name, never);
}

/** The answers to DELETE, in turn; the last one goes on. */
function deletions(...answers: readonly ReturnType<typeof json>[]): NonNullable<MockOptions['override']> {
  let asked = 0;
  return ({ method }) => (method === 'DELETE' ? answers[Math.min(asked++, answers.length - 1)] : undefined);
}

const unsupported = json(405, errorDocument('UNSUPPORTED', 'The operation is unsupported.'));

async function refusal(name: ManifestName): Promise<RegistryError> {
  return await failureOf(remove(await startTagged(deletions(unsupported)), name));
}

describe('deleting', () => {
  test.each([
    ['a tag', tag, '/v2/a/b/manifests/1'],
    ['a manifest', digest, `/v2/a/b/manifests/${(digest as { digest: Digest }).digest}`],
  ])('%s asks for that alone', async (_, name, path) => {
    const mock = await startTagged(deletions({ status: 202 }));
    await remove(mock, name);
    expect(mock.requests.filter(({ method }) => method === 'DELETE').map((one) => one.url)).toEqual([path]);
  });

  test('takes a lost answer for what it was, when the second attempt finds nothing', async () => {
    const gone = json(404, errorDocument('MANIFEST_UNKNOWN', 'manifest unknown'));
    const mock = await startTagged(deletions({ status: 202, fault: 'reset' }, gone));
    await remove(mock, tag);
    expect(mock.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
  });

  test('what is not there is an error', async () => {
    const gone = json(404, errorDocument('MANIFEST_UNKNOWN', 'manifest unknown'));
    const error = await failureOf(remove(await startTagged(deletions(gone)), tag));
    expect(error.code).toBe('registry/not-found');
    expect(error.message).toContain('cannot delete `1` at');
  });

  test('a tag where only manifests can be deleted deletes nothing, and names the manifest', async () => {
    const error = await refusal(tag);
    expect(error.code).toBe('registry/refused');
    expect(error.message).toContain('the registry answered 405 (UNSUPPORTED: The operation is unsupported.)');
    expect(error.help).toMatch(
      new RegExp(`layerwright delete 127\\.0\\.0\\.1:\\d+/a/b@${taggedDigest}\` deletes .* every tag of it`),
    );
  });

  test('a manifest where nothing can be deleted says that it may be switched off', async () => {
    expect((await refusal(digest)).help).toContain('deleting may be switched off there');
  });

  test('asks the token server for the right to delete', async () => {
    const asked: string[] = [];
    const tokens = await startTagged((request) => {
      asked.push(...request.query.getAll('scope'));
      return json(200, { token: 'let-me' });
    });
    const mock = await guarded(
      () => `Bearer realm="${tokens.origin}/token",service="s"`,
      (header) => header === 'Bearer let-me',
    );
    mock.manifests.delete('a/b:1');
    const { client } = harnessFor(mock.host, { authRealms: [{ registry: mock.host, realm: tokens.host }] });
    const repository = await client.open(mock.host, 'a/b', { purpose: 'delete', signal: never });
    await failureOf(deleteManifest(repository, tag, never));
    expect(asked).toEqual(['repository:a/b:pull,push,delete']);
  });
});
