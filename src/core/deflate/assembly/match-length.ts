/** How long a match is, whose bytes at `a` and `b` are equal up to `known`. Bytes behind `limit` may be looked at. */

/** Eight bytes at a time. */
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

/** Sixteen at a time, the first of them without a loop: most matches end there. `known` is less than `limit`. */
// @ts-ignore: decorator
@inline
export function matchLengthFrom(a: usize, b: usize, known: u32, limit: u32): u32 {
  let equal = equalBytes(a + known, b + known);
  let length = known + equal;
  while (equal == 16 && length < limit) {
    equal = equalBytes(a + length, b + length);
    length += equal;
  }
  return min(length, limit);
}

/** How many of sixteen bytes are equal before the first that is not. */
// @ts-ignore: decorator
@inline
function equalBytes(a: usize, b: usize): u32 {
  return ctz(~i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b))));
}
