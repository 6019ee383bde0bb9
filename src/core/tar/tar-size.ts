/** How large a tar will be, before it is written. */
import type { TreeEntry } from '../tree/file-tree.ts';
import { blockSize, paddingOf } from './tar-block.ts';

/** Bytes of headers, contents and padding, without extended headers and the end of the tar. */
export function tarBytesOfEntries(entries: readonly TreeEntry[]): number {
  let bytes = entries.length * blockSize;
  for (const entry of entries) if (entry.type === 'file') bytes += entry.size + paddingOf(entry.size);
  return bytes;
}
