/**
 * Which of several layers a package goes to. Its name alone decides, so that a new version, or another package beside
 * it, moves nothing.
 */
import { digestOf, encodedOf } from '../digest/digest.ts';
import { nameOfLocation } from './package-lock.ts';

/** From 0 to `parts` - 1. `place` is where the package stands; what is nested below others goes by its own name too. */
export function partOfPackage(place: string, parts: number): number {
  const digest = digestOf(new TextEncoder().encode(nameOfLocation(place)));
  return Number.parseInt(encodedOf(digest).slice(0, 12), 16) % parts;
}
