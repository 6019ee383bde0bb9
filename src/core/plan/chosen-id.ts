/**
 * The number of a user or group to which the recipe gives none. It follows from the name alone, so that it stays when
 * others are added or go: 10000 and the first 32 bits of the name's sha256 modulo 50000, or the next that is free. That
 * is above the numbers that images have, and below 60000, where login.defs ends those of people.
 */
import { digestOf, encodedOf } from '../digest/digest.ts';

export function chosenId(name: string, isTaken: (id: number) => boolean): number {
  const hex = encodedOf(digestOf(new TextEncoder().encode(name)));
  return freeId(10_000 + (Number.parseInt(hex.slice(0, 8), 16) % 50_000), isTaken);
}

/** The first number from `id` on that is free. */
export function freeId(id: number, isTaken: (id: number) => boolean): number {
  let free = id;
  while (isTaken(free)) free += 1;
  return free;
}
