/** How long a match is, eight bytes at a time. */

/** For bytes at `a` and `b` that are equal up to `known`; at most `limit`, though bytes behind it are looked at. */
// @ts-ignore: decorator
@inline
export function matchLength(a: usize, b: usize, known: u32, limit: u32): u32 {
  let length = known;
  while (length < limit) {
    const different = load<u64>(a + length) ^ load<u64>(b + length);
    if (different != 0) {
      length += <u32>(ctz(different) >> 3);
      break;
    }
    length += 8;
  }
  return min(length, limit);
}
