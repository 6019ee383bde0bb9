/** An image in a layout, opened for reading: every document is verified before it is given, every blob has its size,
 * and is verified while it passes where nobody else does it. */
import { algorithmOf } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { createHasher } from '../store/native-hasher.ts';
import { documentLimit } from './image-document.ts';
import type { PickedImage } from './layout-names.ts';
import { blobName, fileMissing, type LayoutFiles } from './layout-files.ts';
import type { ImageSource } from './transport.ts';
import { TransportError } from './transport-error.ts';

export function layoutSource(files: LayoutFiles, { root, references }: PickedImage): ImageSource {
  return {
    root,
    pinned: files.place,
    references,
    readDocument: (descriptor) => readVerified(files, descriptor),
    openBlob: (descriptor) => openSized(files, descriptor),
    readBlob: (descriptor) => openVerified(files, descriptor),
    close: () => files.close(),
  };
}

async function readVerified(files: LayoutFiles, descriptor: Descriptor): Promise<Uint8Array> {
  if (descriptor.size > documentLimit) {
    const message = `${descriptor.digest} in ${files.place} is announced with ${String(descriptor.size)} bytes`;
    throw new TransportError('transport/bad-document', `${message}; the limit is ${String(documentLimit)}`);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of openVerified(files, descriptor)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The last chunk is given only when all bytes have turned out right, so nobody ever has all of a wrong blob. */
async function* openVerified(files: LayoutFiles, descriptor: Descriptor): AsyncIterable<Uint8Array> {
  const hasher = createHasher(algorithmOf(descriptor.digest));
  let held: Uint8Array | undefined;
  for await (const chunk of openSized(files, descriptor)) {
    if (held !== undefined) yield held;
    hasher.update(chunk);
    held = chunk;
  }
  const actual = hasher.digest();
  if (actual !== descriptor.digest) throw mismatch(files, descriptor, `its bytes have the digest ${actual}`);
  if (held !== undefined) yield held;
}

async function* openSized(files: LayoutFiles, descriptor: Descriptor): AsyncIterable<Uint8Array> {
  const name = blobName(descriptor.digest);
  const size = await files.size(name);
  if (size === undefined) throw fileMissing(name, files.place);
  if (size !== descriptor.size) {
    throw mismatch(
      files,
      descriptor,
      `it has ${String(size)} bytes, ${String(descriptor.size)} were announced`,
    );
  }
  yield* files.read(name);
}

function mismatch(files: LayoutFiles, descriptor: Descriptor, found: string): TransportError {
  return new TransportError(
    'transport/blob-mismatch',
    `blob ${descriptor.digest} of ${files.place} is not what its name says: ${found}`,
    { help: 'have the layout or archive made or downloaded again' },
  );
}
