import { describe, expect, test } from 'vitest';
import { RegistryError } from '../../../src/io/registry/registry-error.ts';
import { registrySettings } from '../../../src/io/registry/registry-settings.ts';
import { isPassing, parseRetryAfter, waitBefore, withRetries } from '../../../src/io/registry/retry.ts';
import { failureOf, makeHarness, never } from '../../rigs/registry-harness.ts';

const now = Date.UTC(2026, 10, 24, 12, 0, 0);

describe('Retry-After', () => {
  test.each([
    ['2', 2000],
    [' 120 ', 120_000],
    ['0', 0],
    ['Tue, 24 Nov 2026 12:00:30 GMT', 30_000],
    ['Tuesday, 24-Nov-26 12:00:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2026-11-24T12:00:30Z', undefined],
    ['99999999999999999999', undefined],
    [undefined, undefined],
  ])('%j is %j milliseconds', (value, milliseconds) => {
    expect(parseRetryAfter(value, now)).toBe(milliseconds);
  });
});

describe('the wait before another attempt', () => {
  const { retries } = registrySettings();
  const wait = (attempt: number, random: number, retryAfter?: number): number =>
    waitBefore(attempt, retries, { random: () => random, retryAfter });

  test('doubles, with full jitter, up to a limit', () => {
    expect([1, 2, 3, 4].map((attempt) => wait(attempt, 1))).toEqual([500, 1000, 2000, 4000]);
    expect(wait(1, 0)).toBe(0);
    expect(wait(30, 1)).toBe(20_000);
  });

  test('is what the registry asks for and a little more, and never more than five minutes and that', () => {
    expect(wait(1, 0, 2000)).toBe(2000);
    expect(wait(4, 1, 2000)).toBe(2500);
    expect(wait(1, 0, 86_400_000)).toBe(300_000);
  });
});

test('what may pass is tried again, what is wrong is not', () => {
  expect([408, 429, 499, 500, 502, 503, 504, 522].every(isPassing)).toBe(true);
  expect([400, 401, 403, 404, 405, 413, 416, 501].some(isPassing)).toBe(false);
});

describe('trying again', () => {
  const later = new RegistryError('registry/unavailable', {
    subject: { registry: 'r.example', action: 'try' },
    found: 'it failed',
    again: 'later',
    retryAfter: 3000,
  });

  test('ends with the last error, which says how often it was tried', async () => {
    const { client, waits, notices } = makeHarness();
    const error = await failureOf(withRetries(client.settings, never, () => Promise.reject(later)));
    expect(error.message).toBe('cannot try at r.example: it failed (tried 5 times)');
    expect(waits).toEqual([3250, 3500, 3500, 3500]);
    expect(notices[0]).toBe(
      'cannot try at r.example: it failed; trying again in 3.3 s, as it asked (2 of 5)',
    );
  });

  test('stops when the signal is aborted, with its reason', async () => {
    const { client, waits } = makeHarness();
    const controller = new AbortController();
    const reason = new Error('enough');
    const work = withRetries(client.settings, controller.signal, () => {
      controller.abort(reason);
      return Promise.reject(later);
    });
    await expect(work).rejects.toBe(reason);
    expect(waits).toEqual([]);
  });

  test('leaves other errors alone', async () => {
    const { client } = makeHarness();
    const other = new Error('other');
    await expect(withRetries(client.settings, never, () => Promise.reject(other))).rejects.toBe(other);
  });
});
