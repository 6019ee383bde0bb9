/** N08 of safety.md: a list whose next page is elsewhere, itself, or never the last. */
import { afterEach, describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../../src/core/diagnostic/catalogue.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { listReferrers } from '../../../src/io/registry/referrers.ts';
import { refuseSecretsAt } from '../../rigs/canary-scene.ts';
import { startGuarded } from '../../rigs/guarded-registry.ts';
import { json } from '../../rigs/recording-listener.ts';
import { failureOf, harnessFor, listen, never, stopEverything } from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

const page = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [] };

/** Lists the referrers of an image; each page links to the next as `link` says. */
async function list(link: (number: number) => string) {
  let pages = 0;
  const registry = await startGuarded({
    answer: ({ path }) =>
      path.includes('/referrers/')
        ? json(200, page, { 'content-type': mediaTypes.index, link: `<${link(++pages)}>; rel="next"` })
        : undefined,
  });
  const { client } = harnessFor(registry.host);
  const repository = await client.open(registry.host, 'team/app', { purpose: 'read', signal: never });
  const subject = registry.image.root.digest;
  const error = await failureOf(listReferrers(repository, subject, { signal: never }));
  return { error, pages };
}

describe('N08: a list whose next page is', () => {
  test('at another origin ends with 3, and nobody is asked there', async () => {
    const other = await listen(() => json(200, page));
    const { error, pages } = await list(() => `${other.origin}/v2/team/app/referrers/x?page=2`);
    expect(exitCodeOf(error.code)).toBe(3);
    expect(pages).toBe(1);
    expect(other.connections()).toBe(0);
    refuseSecretsAt(other);
  });

  test('itself ends with 3', async () => {
    const { error, pages } = await list(() => '?page=2');
    expect(exitCodeOf(error.code)).toBe(3);
    expect(pages).toBe(2);
  });

  test('never the last ends with 3 after a thousand pages', async () => {
    const { error, pages } = await list((number) => `?page=${String(number)}`);
    expect(exitCodeOf(error.code)).toBe(3);
    expect(pages).toBeLessThanOrEqual(1001);
  });
});
