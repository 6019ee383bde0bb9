import { afterEach, describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../../src/core/diagnostic/catalogue.ts';
import { listTags } from '../../../src/io/registry/tags.ts';
import { errorDocument, json, type RecordedRequest, type Reply } from '../../rigs/recording-listener.ts';
import { failureOf, harnessFor, listen, never, stopEverything } from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

/** The tags of `a/b` at a registry that answers like this. */
async function tagsAt(answer: (request: RecordedRequest) => Reply) {
  const listener = await listen((request) => (request.path === '/v2/' ? { status: 200 } : answer(request)));
  const { client } = harnessFor(listener.host);
  const repository = await client.open(listener.host, 'a/b', { purpose: 'read', signal: never });
  const list = async () => {
    const tags: string[] = [];
    for await (const tag of listTags(repository, never)) tags.push(tag);
    return tags;
  };
  return { listener, list };
}

const page = (tags: unknown, link?: string): Reply =>
  json(200, { name: 'a/b', tags }, link === undefined ? {} : { link });

describe('the tags of a repository', () => {
  test('come page by page, wherever the registry cuts them', async () => {
    const all = Array.from({ length: 25 }, (_, at) => `t${String(at).padStart(2, '0')}`);
    const { listener, list } = await tagsAt(({ query }) => {
      const start = all.findIndex((tag) => tag > (query.get('last') ?? ''));
      const tags = all.slice(start, start + 10);
      const last = tags.at(-1) ?? '';
      const more = `</v2/a/b/tags/list?n=10&last=${last}>; rel="next"`;
      return page(tags, last === 't24' ? undefined : more);
    });
    expect(await list()).toEqual(all);
    expect(listener.requests.filter(({ path }) => path === '/v2/a/b/tags/list')).toHaveLength(3);
  });

  test.each(['</v2/a/b/tags/list?last=x>;rel=next', '<list?last=x>; title="a, b"; rel="next"'])(
    'a link may be written as %s',
    async (link) => {
      const { list } = await tagsAt(({ query }) =>
        page([query.get('last') ?? '1'], query.has('last') ? '' : link),
      );
      expect(await list()).toEqual(['1', 'x']);
    },
  );

  test('a link that is not the next page ends the list', async () => {
    const { list } = await tagsAt(() => page(['1'], '</v2/a/b/tags/list?n=1>; rel="prev"'));
    expect(await list()).toEqual(['1']);
  });

  test('of a repository that has lost them are none', async () => {
    const { list } = await tagsAt(() => page(null));
    expect(await list()).toEqual([]);
  });

  test('are fetched no further than they are wanted', async () => {
    const { listener, list } = await tagsAt(() => page(['1'], '</v2/a/b/tags/list?last=1>; rel="next"'));
    expect(list).toBeDefined();
    const { client } = harnessFor(listener.host);
    const repository = await client.open(listener.host, 'a/b', { purpose: 'read', signal: never });
    for await (const tag of listTags(repository, never)) {
      expect(tag).toBe('1');
      break;
    }
    expect(listener.requests.filter(({ path }) => path === '/v2/a/b/tags/list')).toHaveLength(1);
  });
});

describe('N08: a list of tags', () => {
  test.each([
    ['at another host', () => page(['1'], '<http://127.0.0.1:1/v2/a/b/tags/list?last=1>; rel="next"')],
    ['of another repository', () => page(['1'], '</v2/other/tags/list?last=1>; rel="next"')],
    ['at an address with a password', () => page(['1'], '<http://u:p@HOST/v2/a/b/tags/list>; rel="next"')],
    ['that is the page itself', ({ url }: RecordedRequest) => page(['1'], `<${url}>; rel="next"`)],
    [
      'without an end',
      ({ query }: RecordedRequest) =>
        page(['1'], `<?last=${String(Number(query.get('last') ?? '0') + 1)}>; rel="next"`),
    ],
    ['that is no list', () => page('1')],
    ['with what is no tag', () => page(['../../secret'])],
    ['that is no JSON', () => ({ status: 200, body: '<html>' })],
    ['of more than 16 MiB', () => page(['1'.padEnd(17 * 1024 * 1024, '1')])],
  ] as const)('%s is refused', async (_, answer) => {
    const { listener, list } = await tagsAt((request) => {
      const reply: Reply = answer(request);
      return { ...reply, headers: replaced(reply.headers, listener.host) };
    });
    const error = await failureOf(list());
    expect([error.code, exitCodeOf(error.code)]).toEqual(['registry/bad-list', 3]);
    expect(error.message).toContain(`cannot list the tags at ${listener.host}/a/b: the list is refused`);
  });

  test('that is not there says so', async () => {
    const { list } = await tagsAt(() =>
      json(404, errorDocument('NAME_UNKNOWN', 'repository name not known')),
    );
    expect((await failureOf(list())).code).toBe('registry/not-found');
  });
});

function replaced(headers: Reply['headers'], host: string): NonNullable<Reply['headers']> {
  return JSON.parse(JSON.stringify(headers ?? {}).replaceAll('HOST', host)) as NonNullable<Reply['headers']>;
}
