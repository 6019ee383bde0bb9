import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { documentOf, manifestIn, type PushedManifest, put, refusalIn } from '../../rigs/served-image.ts';
import { type ServedRegistry, startServe } from '../../rigs/served-registry.ts';

let registry: ServedRegistry;
let app: string;
beforeEach(async () => {
  registry = await startServe();
  app = `${registry.url}/v2/acme/app`;
});
afterEach(() => registry.stop());

/** The path and query of the next page. */
function nextOf(answer: Response): string | undefined {
  return /^<(.*)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
}

async function pagesFrom(path: string): Promise<unknown[]> {
  const pages: unknown[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const answer: Response = await fetch(registry.url + next);
    pages.push(await answer.json());
    next = nextOf(answer);
  }
  return pages;
}

describe('tags', () => {
  beforeEach(async () => {
    const manifest = await manifestIn(app);
    for (const tag of ['b', 'a', 'B', '10', '9']) await put(app, manifest, tag);
  });

  test('are listed in the order of their bytes', async () => {
    expect(await pagesFrom('/v2/acme/app/tags/list')).toEqual([
      { name: 'acme/app', tags: ['10', '9', 'B', 'a', 'b'] },
    ]);
  });

  test('come a page at a time, each with a link to the next', async () => {
    expect(await pagesFrom('/v2/acme/app/tags/list?n=2')).toEqual(
      [['10', '9'], ['B', 'a'], ['b']].map((tags) => ({ name: 'acme/app', tags })),
    );
  });

  test('begin after one that is named, whether it is there or not', async () => {
    for (const last of ['B', 'C']) {
      const [page] = await pagesFrom(`/v2/acme/app/tags/list?last=${last}`);
      expect(page).toEqual({ name: 'acme/app', tags: ['a', 'b'] });
    }
  });

  test('are none, without a link, where none are asked for', async () => {
    expect(await pagesFrom('/v2/acme/app/tags/list?n=0')).toEqual([{ name: 'acme/app', tags: [] }]);
  });

  test.each(['x', '-1', '1.5', '99999999999'])('are not listed %s at a time', async (count) => {
    expect((await fetch(`${app}/tags/list?n=${count}`)).status).toBe(400);
  });

  test('of a repository that is not there are no list', async () => {
    expect(await refusalIn(await fetch(`${registry.url}/v2/acme/tags/list`))).toBe('404 NAME_UNKNOWN');
  });

  test('stand beside the repositories that have them', async () => {
    const other = `${registry.url}/v2/other`;
    await put(other, await manifestIn(other), '1');
    expect(await pagesFrom('/v2/_catalog?n=1')).toEqual([
      { repositories: ['acme/app'] },
      { repositories: ['other'] },
    ]);
  });
});

describe('referrers', () => {
  let subject: PushedManifest;
  const referring = (
    { mediaType, digest, size }: PushedManifest,
    artifactType: string | undefined,
    note = 'x',
  ) =>
    manifestIn(app, {
      subject: { mediaType, digest, size },
      annotations: { note },
      ...(artifactType === undefined ? {} : { artifactType }),
    });
  const descriptorIn = (one: PushedManifest, artifactType: string | undefined, note = 'x') => ({
    mediaType: one.mediaType,
    digest: one.digest,
    size: one.size,
    ...(artifactType === undefined ? {} : { artifactType }),
    annotations: { note },
  });
  const list = async (query = '') => {
    const answer = await fetch(`${app}/referrers/${subject.digest}${query}`);
    const { manifests, ...rest } = (await answer.json()) as { manifests: unknown[] };
    expect([answer.headers.get('content-type'), rest]).toEqual([
      mediaTypes.index,
      { schemaVersion: 2, mediaType: mediaTypes.index },
    ]);
    return { answer, manifests };
  };
  beforeEach(async () => {
    subject = await manifestIn(app);
  });

  test('are listed as what they are, by type where that is asked for', async () => {
    const signature = await referring(subject, 'application/vnd.example.signature');
    const plain = await referring(subject, undefined);
    for (const one of [signature, plain]) {
      expect((await put(app, one)).headers.get('oci-subject')).toBe(subject.digest);
    }
    const expected = [
      descriptorIn(signature, 'application/vnd.example.signature'),
      // Without an artifact type of its own a manifest shows its config's media type.
      descriptorIn(plain, mediaTypes.config),
    ];
    const { answer, manifests } = await list();
    expect(new Set(manifests)).toEqual(new Set(expected));
    expect(answer.headers.get('oci-filters-applied')).toBeNull();
    const filtered = await list('?artifactType=application/vnd.example.signature');
    expect(filtered.manifests).toEqual([expected[0]]);
    expect(filtered.answer.headers.get('oci-filters-applied')).toBe('artifactType');
    expect((await list('?artifactType=none')).manifests).toEqual([]);
  });

  test('may be indexes, which have only their own type', async () => {
    const { mediaType, digest, size } = subject;
    const index = documentOf({
      schemaVersion: 2,
      mediaType: mediaTypes.index,
      manifests: [],
      subject: { mediaType, digest, size },
      annotations: { note: 'x' },
    });
    await put(app, index);
    expect((await list()).manifests).toEqual([descriptorIn(index, undefined)]);
  });

  test('go when they are deleted', async () => {
    const signature = await referring(subject, 'application/vnd.example.signature');
    await put(app, signature);
    await fetch(`${app}/manifests/${signature.digest}`, { method: 'DELETE' });
    expect((await list()).manifests).toEqual([]);
  });

  test('of what is not there are none, and no error', async () => {
    const nothing = digestOf(Buffer.from('nothing'));
    for (const repository of [app, `${registry.url}/v2/never/seen`]) {
      const answer = await fetch(`${repository}/referrers/${nothing}`);
      expect([answer.status, await answer.json()]).toMatchObject([200, { manifests: [] }]);
    }
  });

  test('come in pages that clients take', async () => {
    const types = ['a', 'b', 'c'].map((name) => `application/vnd.example.${name}`);
    for (const type of types) await put(app, await referring(subject, type, 'n'.repeat(2000)));
    await registry.restart({ limits: { manifestBytes: 4096 } });
    app = `${registry.url}/v2/acme/app`;
    const pages = (await pagesFrom(`/v2/acme/app/referrers/${subject.digest}`)) as { manifests: unknown[] }[];
    expect(pages.map(({ manifests }) => manifests.length)).toEqual([1, 1, 1]);
  });
});
