/** An image in a layout, opened for reading: every document is verified before it is given, every blob has its size. */
import { algorithmOf } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { createHasher } from '../store/native-hasher.ts';
import { documentLimit } from './image-document.ts';
import { blobName, fileMissing, type LayoutFiles } from './layout-files.ts';
import type { ImageSource } from './transport.ts';
import { TransportError } from './transport-error.ts';

export function layoutSource(files: LayoutFiles, root: Descriptor): ImageSource {
  return {
    root,
    pinned: files.place,
    readDocument: (descriptor) => readVerified(files, descriptor),
    openBlob: (descriptor) => openSized(files, descriptor),
    close: () => files.close(),
  };
}

async function readVerified(files: LayoutFiles, descriptor: Descriptor): Promise<Uint8Array> {
  if (descriptor.size > documentLimit) {
    const message = `${descriptor.digest} in ${files.place} is announced with ${String(descriptor.size)} bytes`;
    throw new TransportError('transport/bad-document', `${message}; the limit is ${String(documentLimit)}`);
  }
  const hasher = createHasher(algorithmOf(descriptor.digest));
  const chunks: Uint8Array[] = [];
  for await (const chunk of openSized(files, descriptor)) {
    hasher.update(chunk);
    chunks.push(chunk);
  }
  const actual = hasher.digest();
  if (actual !== descriptor.digest) {
    throw mismatch(files, descriptor, `its bytes have the digest ${actual}`);
  }
  return Buffer.concat(chunks);
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
