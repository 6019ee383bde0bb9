import { describe, expect, test } from 'vitest';
import { measureRate, type Rate, rateAt } from '../../../src/core/event/rate.ts';

/** What is measured where so many bytes move each quarter of a second. */
function steady(bytes: readonly number[]): Rate {
  let done = 0;
  return bytes.reduce<Rate>(
    (rate, more, index) => measureRate(rate, { at: (index + 1) * 250, done: (done += more) }),
    { at: 0, done: 0 },
  );
}

describe('a rate', () => {
  test('is not known before anything was measured', () => {
    expect(rateAt({ at: 0, done: 0 }, 100)).toBeUndefined();
    expect(rateAt(measureRate({ at: 0, done: 0 }, { at: 10, done: 1000 }), 20)).toBeUndefined();
  });

  test('is that of a steady stream', () => {
    expect(rateAt(steady([250, 250, 250]), 800)).toBe(1000);
  });

  test('follows a stream that becomes faster, without leaping', () => {
    const once = steady([250, 2500]).perSecond ?? 0;
    expect(once).toBeGreaterThan(1000);
    expect(once).toBeLessThan(3000);
    const long = steady([250, ...Array<number>(60).fill(2500)]).perSecond ?? 0;
    expect(long).toBeGreaterThan(9500);
  });

  test('counts chunks that come in bursts together', () => {
    const burst = [1, 2, 3, 4].reduce<Rate>(
      (rate, at) => measureRate(rate, { at: 240 + at, done: at * 100 }),
      {
        at: 0,
        done: 0,
      },
    );
    expect(burst).toEqual({ at: 0, done: 0 });
    expect(measureRate(burst, { at: 250, done: 500 }).perSecond).toBe(2000);
  });

  test('begins anew where fewer bytes are done than before', () => {
    expect(measureRate({ at: 0, done: 1000, perSecond: 10 }, { at: 10, done: 1 })).toEqual({
      at: 10,
      done: 1,
    });
  });

  test('is not known any more where nothing was heard for a while', () => {
    expect(rateAt(steady([250]), 3250)).toBe(1000);
    expect(rateAt(steady([250]), 3251)).toBeUndefined();
  });
});
