/** Which references of a recipe lead out of it. */
import type { BaseReference } from '../../core/recipe/transport-reference.ts';
import type { ReadableReference } from '../transport/open-image.ts';

/** Whether an image stands outside: neither `scratch` nor another image of the recipe. */
export function isOutside(reference: BaseReference): reference is ReadableReference {
  return reference.transport !== 'scratch' && reference.transport !== 'image';
}
