/**
 * Lengths of the best prefix code for given counts, none above a limit. Symbols are sorted by count; the tree grows
 * from two queues, leaves and inner nodes, both in order, in one array; lengths above the limit are made up for by
 * the cheapest lengthening of others. Ties are broken by the symbol, so the same counts always give the same code.
 */
import { assignCodes } from './canonical-code';
import { depthTalliesStart, digitsStart, sortedStart, treeStart } from './memory-map';

/** A sorted entry is a count above a symbol, so one comparison orders both. */
const symbolBits: u32 = 9;
const symbolMask: u32 = (1 << symbolBits) - 1;

/**
 * From u32[count] at `counts` to u8[count] at `lengths` and u32[count] at `codes` (see canonical-code.ts). The code
 * is complete and has two symbols at least, whatever the counts: a code of a single symbol, which 3.2.7 allows for
 * distances, is refused by some inflaters, and a complete one by none.
 */
export function makeCode(counts: usize, count: usize, limit: u32, lengths: usize, codes: usize): void {
  memory.fill(lengths, 0, count);
  const used = collectUsed(counts, count);
  if (used < 2) {
    const symbol = used == 0 ? 0 : load<u32>(sortedStart) & symbolMask;
    store<u8>(lengths + symbol, 1);
    store<u8>(lengths + (symbol == 0 ? 1 : 0), 1);
  } else {
    const sorted = sortByCount(used);
    growTree(sorted, used);
    tallyDepths(sorted == sortedStart ? treeStart : sortedStart, used, limit);
    holdLimit(limit);
    handOutLengths(sorted, limit, lengths);
  }
  assignCodes(lengths, count, codes);
}

/** Writes the symbols that occur to the sorted region, not yet sorted; gives their number. */
function collectUsed(counts: usize, count: usize): u32 {
  let used: u32 = 0;
  for (let symbol: usize = 0; symbol < count; symbol++) {
    const times = load<u32>(counts + (symbol << 2));
    if (times == 0) continue;
    store<u32>(used << 2, (times << symbolBits) | <u32>symbol, sortedStart);
    used++;
  }
  return used;
}

/** A radix sort of the counts, eight bits a pass, back and forth between two regions; gives the one it ended in. */
function sortByCount(used: u32): usize {
  let all: u32 = 0;
  for (let i: u32 = 0; i < used; i++) all |= load<u32>(i << 2, sortedStart);
  let from = sortedStart;
  let to = treeStart;
  for (let shift = symbolBits; shift < 32 && all >> shift != 0; shift += 8) {
    sortByDigit(from, to, used, shift);
    const swapped = from;
    from = to;
    to = swapped;
  }
  return from;
}

function sortByDigit(from: usize, to: usize, used: u32, shift: u32): void {
  memory.fill(digitsStart, 0, 256 * 4);
  for (let i: u32 = 0; i < used; i++) {
    const digit = ((load<u32>(from + (i << 2)) >> shift) & 255) << 2;
    store<u32>(digit, load<u32>(digit, digitsStart) + 1, digitsStart);
  }
  let first: u32 = 0;
  for (let digit: u32 = 0; digit < 256 << 2; digit += 4) {
    const next = first + load<u32>(digit, digitsStart);
    store<u32>(digit, first, digitsStart);
    first = next;
  }
  for (let i: u32 = 0; i < used; i++) {
    const entry = load<u32>(from + (i << 2));
    const digit = ((entry >> shift) & 255) << 2;
    const place = load<u32>(digit, digitsStart);
    store<u32>(digit, place + 1, digitsStart);
    store<u32>(to + (place << 2), entry);
  }
}

/**
 * Huffman's algorithm with everything in the region that `sorted` is not: at first place i holds the count of leaf
 * i; a place whose leaf is taken serves the inner node of that number: its weight, then, once it has one, its
 * parent; at the end its depth. Inner nodes are made in the order of their weights, so both queues are sorted.
 */
function growTree(sorted: usize, used: u32): void {
  const tree = sorted == sortedStart ? treeStart : sortedStart;
  for (let i: u32 = 0; i < used; i++) {
    store<u32>(tree + (i << 2), load<u32>(sorted + (i << 2)) >> symbolBits);
  }
  let leaf: u32 = 0;
  let inner: u32 = 0;
  for (let made: u32 = 0; made < used - 1; made++) {
    let weight: u32 = 0;
    for (let child = 0; child < 2; child++) {
      const lightest = load<u32>(tree + (inner << 2));
      if (leaf >= used || (inner < made && lightest < load<u32>(tree + (leaf << 2)))) {
        weight += lightest;
        store<u32>(tree + (inner << 2), made);
        inner++;
      } else {
        weight += load<u32>(tree + (leaf << 2));
        leaf++;
      }
    }
    store<u32>(tree + (made << 2), weight);
  }
  // The root is the last that was made. Parents stand behind their children, so depths run down from it.
  store<u32>(tree + ((used - 2) << 2), 0);
  for (let i = <i32>used - 3; i >= 0; i--) {
    const parent = load<u32>(tree + (i << 2));
    store<u32>(tree + (i << 2), load<u32>(tree + (parent << 2)) + 1);
  }
}

/** How many leaves stand at each depth: the places of a level that no inner node of it takes. */
function tallyDepths(tree: usize, used: u32, limit: u32): void {
  memory.fill(depthTalliesStart, 0, 16 * 4);
  let places: u32 = 1;
  let inner = <i32>used - 2;
  let leavesLeft = used;
  for (let depth: u32 = 0; leavesLeft > 0; depth++) {
    let innerHere: u32 = 0;
    while (inner >= 0 && load<u32>(tree + (inner << 2)) == depth) {
      innerHere++;
      inner--;
    }
    const leaves = places - innerHere;
    const at = min(depth, limit) << 2;
    store<u32>(at, load<u32>(at, depthTalliesStart) + leaves, depthTalliesStart);
    leavesLeft -= leaves;
    places = innerHere << 1;
  }
}

/**
 * Cutting long codes to the limit takes more of the code space than there is. A unit of it is a code of the limit's
 * length. Each turn frees one: the longest shorter code becomes an inner node, with itself and a code of the limit's
 * length below it.
 */
function holdLimit(limit: u32): void {
  let taken: u32 = 0;
  for (let length: u32 = 1; length <= limit; length++) taken += tally(length) << (limit - length);
  for (; taken > (<u32>1) << limit; taken--) {
    let length = limit - 1;
    while (tally(length) == 0) length--;
    setTally(length, tally(length) - 1);
    setTally(length + 1, tally(length + 1) + 2);
    setTally(limit, tally(limit) - 1);
  }
}

// @ts-ignore: decorator
@inline
function tally(length: u32): u32 {
  return load<u32>(length << 2, depthTalliesStart);
}

// @ts-ignore: decorator
@inline
function setTally(length: u32, leaves: u32): void {
  store<u32>(length << 2, leaves, depthTalliesStart);
}

/** The rarest symbols get the longest codes. */
function handOutLengths(sorted: usize, limit: u32, lengths: usize): void {
  let next = sorted;
  for (let length = limit; length >= 1; length--) {
    for (let left = tally(length); left > 0; left--) {
      store<u8>(lengths + (load<u32>(next) & symbolMask), length);
      next += 4;
    }
  }
}
