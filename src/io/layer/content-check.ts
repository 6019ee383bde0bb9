/** Holds the bytes of a file, as they are packed, against the size and digest of its entry. */
import { createHash, hash, type Hash } from 'node:crypto';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { algorithmOf, encodedOf } from '../../core/digest/digest.ts';
import { LayerError } from '../../core/tar/layer-error.ts';
import type { FileEntry } from '../../core/tree/file-tree.ts';

export interface ContentCheck {
  /** Takes the next bytes, in order. Throws LayerError `layer/file-changed` for one byte too many. */
  update(bytes: Uint8Array): void;
  /** Throws LayerError `layer/file-changed` unless all the bytes together were the entry's. */
  finish(): void;
}

/** `name` is what messages call the file. */
export function createContentCheck(entry: FileEntry, name: string): ContentCheck {
  const algorithm = algorithmOf(entry.digest);
  let size = 0;
  let hasher: Hash | undefined;
  let digest: string | undefined;
  return {
    update: (bytes) => {
      size += bytes.length;
      if (size > entry.size) throw changed(name, `it has more than the ${entry.size} bytes it had`);
      // Most files come in one piece, for which a hash object would cost more than the hash.
      if (bytes.length === entry.size) digest = hash(algorithm, bytes, 'hex');
      else hasher = (hasher ?? createHash(algorithm)).update(bytes);
    },
    finish: () => {
      if (size !== entry.size) throw changed(name, `it has ${size} bytes and had ${entry.size}`);
      digest ??= (hasher ?? createHash(algorithm)).digest('hex');
      if (digest !== encodedOf(entry.digest)) throw changed(name, 'its content has another digest now');
    },
  };
}

function changed(name: string, found: string): LayerError {
  const message = `packing ${quoteText(name)}: the file changed after it was read for the plan: ${found}`;
  return new LayerError('layer/file-changed', message, { help: 'build again once nothing writes to it' });
}
