/** Numbers of many runs, set side by side. */
import { expect, test } from 'vitest';
import { holds, pairedSpread, spread } from '../../bench/figures.mjs';

test('a spread is the least, the median and the most', () => {
  expect(spread([3, 1, 10])).toEqual({ min: 1, median: 3, max: 10 });
  expect(spread([4, 1, 2, 10])).toEqual({ min: 1, median: 3, max: 10 });
  expect(() => spread([])).toThrow('Bug: a spread of no numbers');
});

test('ratios and differences are taken pair by pair, not of medians', () => {
  expect(pairedSpread('ratio', [1, 20, 3], [2, 10, 3])).toEqual({ min: 0.5, median: 1, max: 2 });
  expect(pairedSpread('difference', [1, 20, 3], [2, 10, 3])).toEqual({ min: -1, median: 0, max: 10 });
  expect(pairedSpread('value', [1, 2, 3], [])).toEqual({ min: 1, median: 2, max: 3 });
  expect(() => pairedSpread('ratio', [1, 2], [1])).toThrow('Bug: a run without its pair');
});

test('a target holds up to itself, and there is nothing to hold without one', () => {
  const result = { min: 0.1, median: 0.6, max: 9 };
  expect([0.6, 0.59, undefined].map((reach) => holds(result, reach))).toEqual([true, false, undefined]);
});
