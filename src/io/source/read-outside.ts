/** Opens the images that a recipe names, reads what is wanted of them, and closes them again. */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { BaseImage, BaseRequest, SourceTree } from '../../core/plan/snapshot.ts';
import { parseBaseReference } from '../../core/recipe/transport-reference.ts';
import type { ReadableReference } from '../transport/open-image.ts';
import { readBaseImage } from './base-image.ts';
import { type ImageRequest, readImageSource } from './image-source.ts';
import { isOutside } from './is-outside.ts';
import type { Reading } from './reading.ts';
import { SourceError } from './source-error.ts';

/** Throws Failures of the source, the transport and the store. */
export async function readBase(reading: Reading, { reference, platform }: BaseRequest): Promise<BaseImage> {
  const parsed = requireOutside(reference);
  const source = await reading.openImage(parsed);
  try {
    const base = { source, reference: parsed, store: reading.store, signal: reading.signal };
    return await readBaseImage(base, { platform, name: reference });
  } finally {
    await source.close();
  }
}

/** Throws Failures of the source, the transport and the store. */
export async function readFromImage(reading: Reading, request: ImageRequest): Promise<SourceTree> {
  const source = await reading.openImage(requireOutside(request.reference));
  try {
    return await readImageSource(request, { source, store: reading.store, signal: reading.signal });
  } finally {
    await source.close();
  }
}

function requireOutside(text: string): ReadableReference {
  const parsed = parseBaseReference(text);
  if (!parsed.ok) throw badReference(text, parsed.reason);
  if (isOutside(parsed.value)) return parsed.value;
  const reason =
    parsed.value.transport === 'scratch' ? 'it holds no files' : 'an image of this recipe is not made yet';
  throw badReference(text, reason);
}

function badReference(text: string, reason: string): SourceError {
  return new SourceError('source/bad-reference', `${quoteText(text)} cannot be used here: ${reason}`, {
    help: 'name an image of a registry, or one in oci:, oci-archive:, docker-archive: or store:',
  });
}
