/**
 * Opens the images that a recipe names, each at the digest that the lock pins it to, reads what is wanted of them, and
 * closes them again.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { diagnosticOf, DiagnosticsError, Failure } from '../../core/diagnostic/failure.ts';
import type { BaseImage, BaseRequest, SourceTree } from '../../core/plan/snapshot.ts';
import { findPin, type Pin } from '../../core/recipe/lock/pin.ts';
import { parseBaseReference } from '../../core/recipe/transport-reference.ts';
import type { ReadableReference } from '../transport/open-image.ts';
import type { ImageSource } from '../transport/transport.ts';
import { filesOf, readBaseImage } from './base-image.ts';
import { type ImageRequest, readImageSource } from './image-source.ts';
import { isOutside } from './is-outside.ts';
import type { Reading } from './reading.ts';
import { type ResolvedImage, resolveImage } from './resolve-image.ts';
import { SourceError } from './source-error.ts';

/** Throws Failures of the source, the transport and the store; DiagnosticsError with a line of the lock. */
export function readBase(reading: Reading, request: BaseRequest): Promise<BaseImage> {
  return withImage(reading, request, ({ source, reference, resolved }) =>
    readBaseImage({ source, reference, store: reading.store, signal: reading.signal }, resolved),
  );
}

/** As readBase, with all that the base shows. */
export function readWholeBase(reading: Reading, request: BaseRequest): Promise<BaseImage> {
  const { store, signal } = reading;
  return withImage(reading, request, async ({ source, reference, resolved }) => {
    const files = await filesOf({ source, store, signal }, resolved.layers);
    return { ...(await readBaseImage({ source, reference, store, signal }, resolved)), files: () => files };
  });
}

/** Throws as readBase does. */
export function readFromImage(reading: Reading, request: ImageRequest): Promise<SourceTree> {
  return withImage(reading, request, ({ source, resolved }) =>
    readImageSource(request, resolved.layers, { source, store: reading.store, signal: reading.signal }),
  );
}

interface OpenedImage {
  readonly source: ImageSource;
  readonly reference: ReadableReference;
  readonly resolved: ResolvedImage;
}

async function withImage<T>(
  reading: Reading,
  request: BaseRequest,
  use: (image: OpenedImage) => Promise<T>,
): Promise<T> {
  const reference = requireOutside(request.reference);
  const pin = reading.lock && findPin(reading.lock, request);
  const source = await atPin(pin, () => reading.openImage(pinned(reference, pin)));
  try {
    const wanted = { platform: request.platform, name: request.reference, pinned: pin?.manifest?.digest };
    const resolved = await atPin(pin, () => resolveImage(source, wanted));
    return await use({ source, reference, resolved });
  } finally {
    await source.close();
  }
}

function pinned(reference: ReadableReference, pin: Pin | undefined): ReadableReference {
  if (pin === undefined || reference.transport !== 'registry') return reference;
  return { ...reference, digest: pin.root.digest };
}

/** What fails while a pinned image is looked up is said at the line of the lock that asked for it. */
async function atPin<T>(pin: Pin | undefined, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (pin === undefined || !(error instanceof Failure)) throw error;
    const { place } = error.code === 'lock/mismatch' ? (pin.manifest ?? pin.root) : pin.root;
    const help = error.code === 'registry/not-found' ? { help: vanished } : {};
    throw new DiagnosticsError([{ ...diagnosticOf(error), ...help, place }]);
  }
}

const vanished =
  'restore oci.lock from version control; where the registry has removed that image, run `layerwright update`';

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
