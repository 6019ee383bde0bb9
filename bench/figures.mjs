/** What many runs say together: the least, the median and the most, and whether that reaches the target. */

/**
 * @typedef {object} Spread
 * @property {number} min
 * @property {number} median
 * @property {number} max
 *
 * @typedef {'ratio' | 'difference' | 'value'} Against how two are set side by side: ours over theirs, ours less
 *   theirs, or ours alone
 */

/**
 * @param {readonly number[]} numbers at least one
 * @returns {Spread}
 */
export function spread(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other);
  const [min, max] = [sorted.at(0), sorted.at(-1)];
  const [below, above] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (min === undefined || max === undefined || below === undefined || above === undefined)
    throw new Error('Bug: a spread of no numbers');
  return { min, median: (below + above) / 2, max };
}

/**
 * Pair by pair, so that noise which hit both of a pair falls out.
 * @param {Against} by
 * @param {readonly number[]} ours
 * @param {readonly number[]} theirs as many, or none where ours stand alone
 * @returns {Spread}
 */
export function pairedSpread(by, ours, theirs) {
  if (by === 'value') return spread(ours);
  if (ours.length !== theirs.length) throw new Error('Bug: a run without its pair');
  return spread(
    ours.map((one, index) => {
      const other = theirs[index] ?? Number.NaN;
      return by === 'ratio' ? one / other : one - other;
    }),
  );
}

/**
 * Whether the median is within the target; undefined where there is none.
 * @param {Spread} result
 * @param {number | undefined} reach
 */
export function holds(result, reach) {
  return reach === undefined ? undefined : result.median <= reach;
}
