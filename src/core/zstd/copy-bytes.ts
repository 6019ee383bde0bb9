/** Copies of a few bytes, where a call would cost more than a loop, and of many, where it does not. */

const fewBytes = 48;

export interface Target {
  readonly to: Uint8Array;
  readonly at: number;
  readonly length: number;
}

/** Bytes of `from`, from `start` on. */
export function copyBytes(from: Uint8Array, start: number, { to, at, length }: Target): void {
  if (length > fewBytes) {
    to.set(from.subarray(start, start + length), at);
    return;
  }
  for (let index = 0; index < length; index += 1) to[at + index] = from[start + index] ?? 0;
}

/** Bytes of `bytes` from `distance` before `at`; where that is less than the length they repeat. */
export function repeatBytes(
  bytes: Uint8Array,
  at: number,
  match: { readonly distance: number; readonly length: number },
): void {
  const { distance, length } = match;
  const from = at - distance;
  if (length > fewBytes && distance >= length) {
    bytes.copyWithin(at, from, from + length);
    return;
  }
  if (length > fewBytes && distance === 1) {
    bytes.fill(bytes[from] ?? 0, at, at + length);
    return;
  }
  for (let index = 0; index < length; index += 1) bytes[at + index] = bytes[from + index] ?? 0;
}
