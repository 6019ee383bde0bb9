/**
 * The shortest match that is worth its bits. Where few different bytes occur, as in hexadecimal digits or bases of
 * DNA, a literal takes so few bits that a short match, whose distance takes 5 to 18, makes the output longer.
 */
import { seenBytesStart } from './memory-map';

/** One byte in seven is looked at: enough to meet what is frequent, and in step with no usual record. */
const stride: usize = 7;

/** For the input from `from` to `to`. */
export function leastLength(from: usize, to: usize): u32 {
  const used = usedBytes(from, to);
  if (used > 40) return 3;
  if (used > 20) return 4;
  if (used > 10) return 5;
  return used > 5 ? 7 : 9;
}

function usedBytes(from: usize, to: usize): u32 {
  memory.fill(seenBytesStart, 0, 256);
  for (; from < to; from += stride) store<u8>(<usize>load<u8>(from), 1, seenBytesStart);
  let used: u64 = 0;
  for (let at: usize = 0; at < 256; at += 8) used += popcnt(load<u64>(at, seenBytesStart));
  return <u32>used;
}
