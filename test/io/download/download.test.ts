/** Files of the web into the store, over every fault that a loopback server can make. */
import { afterEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { makeDownloads } from '../../rigs/downloads.ts';
import type { RecordedRequest, Reply } from '../../rigs/recording-listener.ts';
import { expectNoCanary, canaryBase64, listen, stopEverything } from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

const text = 'The quick brown fox jumps over the lazy dog. '.repeat(40);
const bytes = Buffer.from(text);
const digest = digestOf(bytes);

/** The rest of the text, as a server gives it that knows ranges. */
function part({ headers }: RecordedRequest, more: Reply['headers'] = {}): Reply {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  if (from === 0) return { status: 200, body: bytes, headers: more };
  const range = `bytes ${String(from)}-${String(bytes.length - 1)}/${String(bytes.length)}`;
  return { status: 206, body: bytes.subarray(from), headers: { ...more, 'content-range': range } };
}

describe('a download', () => {
  it('is stored under its digest, sha256 unless another is expected', async () => {
    const server = await listen(() => ({ status: 200, body: bytes }));
    const downloads = makeDownloads();
    const facts = await downloads.fetch(`${server.origin}/tool`);
    expect(facts).toEqual({ digest, size: bytes.length });
    expect(await downloads.textOf(facts)).toBe(text);
    const sha512 = digestOf(bytes, 'sha512');
    expect(await downloads.fetch(`${server.origin}/tool`, { expected: { digest: sha512 } })).toEqual({
      digest: sha512,
      size: bytes.length,
    });
    expect(server.requests.map(({ headers }) => headers['accept-encoding'])).toEqual([
      'identity',
      'identity',
    ]);
  });

  it('of what the store has already asks nobody, offline too', async () => {
    const downloads = makeDownloads({ offline: true });
    await downloads.store.blobs.put(bytes);
    const facts = await downloads.fetch('https://nowhere.invalid/tool', { expected: { digest } });
    expect(facts).toEqual({ digest, size: bytes.length });
    const other = makeDownloads({ offline: true });
    expect((await other.failure('https://nowhere.invalid/x', { expected: { digest } })).code).toBe(
      'download/offline',
    );
  });

  it('that breaks off goes on where it was, where the server proves that it is the same file', async () => {
    const server = await listen((request, number) =>
      number === 1
        ? { ...part(request, { etag: '"one"' }), fault: 'reset-in-body' }
        : part(request, { etag: '"one"' }),
    );
    const downloads = makeDownloads();
    expect((await downloads.fetch(`${server.origin}/tool`)).digest).toBe(digest);
    const headers = server.requests[1]?.headers;
    expect(headers?.['if-range']).toBe('"one"');
    expect(headers?.range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('goes on without such a proof only where a digest is expected', async () => {
    const broken = (request: RecordedRequest, number: number): Reply =>
      number === 1 ? { ...part(request), fault: 'reset-in-body' } : part(request);
    for (const [expected, isResumed] of [
      [{ digest }, true],
      [{}, false],
    ] as const) {
      const server = await listen(broken);
      await makeDownloads().fetch(`${server.origin}/tool`, { expected });
      expect(server.requests[1]?.headers.range !== undefined).toBe(isResumed);
    }
  });

  it('begins anew where the server sends all again, or another part than was asked for', async () => {
    const replies: Reply[] = [
      { status: 206, body: bytes.subarray(7), headers: { 'content-range': 'bytes 7-99/100' } },
      { status: 206, body: bytes },
      { status: 416 },
      { status: 200, body: bytes },
    ];
    for (const reply of replies) {
      const server = await listen((request, number) => {
        if (number === 1) return { ...part(request), fault: 'reset-in-body' };
        return number === 2 ? reply : part(request);
      });
      const facts = await makeDownloads().fetch(`${server.origin}/tool`, { expected: { digest } });
      expect(facts.digest).toBe(digest);
    }
  });

  it('of other bytes than expected stores nothing, and is not tried again', async () => {
    const server = await listen(() => ({ status: 200, body: bytes }));
    const other = digestOf(Buffer.from('other'));
    for (const expected of [{ digest: other }, { size: 7 }, { digest, size: 10_000 }]) {
      const error = await makeDownloads().failure(`${server.origin}/tool`, { expected });
      expect(error.code).toBe('download/differs');
    }
    expect(server.requests).toHaveLength(3);
  });

  it('larger than the limit is refused, whether it says so or not', async () => {
    for (const headers of [{}, { 'content-length': '', 'transfer-encoding': '' }]) {
      const server = await listen(() => ({ status: 200, body: bytes, headers }));
      const error = await makeDownloads().failure(`${server.origin}/tool`, {
        limit: 100,
        expected: { digest },
      });
      expect(error.code).toBe('download/too-large');
    }
  });

  it('whose end nobody can tell is refused unless a digest can', async () => {
    const endless: Reply = { status: 200, body: bytes, headers: { 'content-length': '' } };
    const server = await listen(() => endless);
    const { code } = await makeDownloads().failure(`${server.origin}/tool`);
    expect(code).toBe('download/interrupted');
    expect((await makeDownloads().fetch(`${server.origin}/tool`, { expected: { digest } })).digest).toBe(
      digest,
    );
  });

  it('that keeps ending early, stalling or failing is given up after the attempts', async () => {
    const faults: [Reply, string][] = [
      [{ status: 200, body: bytes, fault: 'close-in-body' }, 'download/interrupted'],
      [{ status: 200, body: bytes, fault: 'stall-in-body' }, 'download/interrupted'],
      [{ status: 503 }, 'download/unavailable'],
      [{ status: 429, headers: { 'retry-after': '7' } }, 'download/unavailable'],
    ];
    for (const [reply, code] of faults) {
      const server = await listen(() => reply);
      const downloads = makeDownloads({ retries: { attempts: 2, first: 1, longest: 1, retryAfter: 9000 } });
      const error = await downloads.failure(`${server.origin}/tool`);
      expect([error.code, error.message]).toEqual([code, expect.stringContaining('(tried 2 times)')]);
      expect(server.requests).toHaveLength(2);
      if (reply.status === 429) expect(downloads.waits[0]).toBeGreaterThanOrEqual(7000);
    }
  });

  it.each([
    [404, 'download/not-found'],
    [410, 'download/not-found'],
    [401, 'download/unauthorised'],
    [403, 'download/unauthorised'],
    [204, 'download/refused'],
    [400, 'download/refused'],
  ])('that is answered with %i is not tried again', async (status, code) => {
    const server = await listen(() => ({ status }));
    const error = await makeDownloads().failure(`${server.origin}/tool`, { credentials: 'none (no .netrc)' });
    expect([error.code, server.requests.length]).toEqual([code, 1]);
    if (code === 'download/unauthorised') expect(error.message).toContain('credentials: none (no .netrc)');
  });
});

describe('a redirect of a download', () => {
  const secret = (): Record<string, string> => ({ authorization: `Basic ${canaryBase64}` });

  it('is followed ten times and no more', async () => {
    const server = await listen(({ path }) => {
      const hop = Number(path.slice(1));
      return hop === 0
        ? { status: 200, body: bytes }
        : { status: 302, headers: { location: `/${String(hop - 1)}` } };
    });
    expect((await makeDownloads().fetch(`${server.origin}/10`)).digest).toBe(digest);
    expect((await makeDownloads().failure(`${server.origin}/11`)).code).toBe('download/too-many-redirects');
  });

  it('to another host takes no credentials along, nor on the way back', async () => {
    const elsewhere = await listen(({ path }) => ({
      status: 307,
      headers: { location: `${server.origin}${path}back` },
    }));
    const server = await listen(({ path }) =>
      path === '/tool'
        ? { status: 302, headers: { location: `${elsewhere.origin}/` } }
        : { status: 200, body: bytes },
    );
    await makeDownloads().fetch(`${server.origin}/tool`, { headersFor: secret });
    expectNoCanary(elsewhere);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${canaryBase64}`,
      undefined,
    ]);
  });

  it.each([
    ['http://169.254.169.254/latest', 'link-local'],
    ['http://example.com/tool', 'plain http'],
    ['ftp://127.0.0.1/tool', 'ftp:'],
    ['http://user:word@127.0.0.1/', 'user name'],
  ])('to %s is refused', async (location, reason) => {
    const server = await listen(() => ({ status: 302, headers: { location } }));
    const error = await makeDownloads().failure(`${server.origin}/tool`);
    expect([error.code, error.message]).toEqual([
      'download/redirect-refused',
      expect.stringContaining(reason),
    ]);
  });

  it('is not needed to refuse plain http to a host that nobody named', async () => {
    expect((await makeDownloads().failure('http://example.com/tool')).code).toBe('download/plain-http');
  });
});
