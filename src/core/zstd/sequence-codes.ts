/** Codes of sequences (RFC 8878, 3.1.1.3.2.1.1): bits that follow a code, what they are added to, predefined tables. */

export interface SymbolKind {
  readonly maxAccuracy: number;
  readonly maxSymbol: number;
  /** The predefined probabilities (3.1.1.3.2.2), -1 for "less than one". */
  readonly counts: readonly number[];
  readonly accuracy: number;
}

export interface LengthKind extends SymbolKind {
  /** By code: how many bits follow, and the length to which they are added. */
  readonly extra: Uint8Array;
  readonly bases: Uint32Array;
}

/** Each code begins where the one before it ends. */
function lengthKind(
  kind: Omit<LengthKind, 'extra' | 'bases'>,
  extra: readonly number[],
  first: number,
): LengthKind {
  let base = first;
  const bases = extra.map((bits) => {
    const own = base;
    base += 2 ** bits;
    return own;
  });
  return { ...kind, extra: Uint8Array.from(extra), bases: Uint32Array.from(bases) };
}

const zeros = (count: number): number[] => Array<number>(count).fill(0);
const ones = (count: number): number[] => Array<number>(count).fill(1);
const lessThanOne = (count: number): number[] => Array<number>(count).fill(-1);

export const literalCodes = lengthKind(
  {
    maxAccuracy: 9,
    maxSymbol: 35,
    counts: [4, 3, ...twos(11), ...ones(3), ...twos(9), 3, 2, ...ones(5), ...lessThanOne(4)],
    accuracy: 6,
  },
  [...zeros(16), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
  0,
);

export const lengthCodes = lengthKind(
  {
    maxAccuracy: 9,
    maxSymbol: 52,
    counts: [1, 4, 3, ...twos(6), ...ones(37), ...lessThanOne(7)],
    accuracy: 6,
  },
  [...zeros(32), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
  3,
);

/** A code is the number of bits that follow; they are added to that power of two. */
export const offsetCodes: SymbolKind = {
  maxAccuracy: 8,
  maxSymbol: 31,
  counts: [...ones(6), ...twos(3), ...ones(15), ...lessThanOne(5)],
  accuracy: 5,
};

function twos(count: number): number[] {
  return Array<number>(count).fill(2);
}
