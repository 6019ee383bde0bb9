/** The text of a file as it stands in the context or in the recipe, and when it was written: what lint looks at. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { WrittenFile } from '../../core/lint/build-traces.ts';
import type { ContentSource, FileEntry } from '../../core/tree/file-tree.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import type { ContentOpener } from './open-content.ts';

/** How much of a file is looked at. */
const mostBytes = 16 * 1024 * 1024;

/**
 * Undefined for what stands in an archive or an image, which nobody wrote here. Throws SourceError where the file cannot
 * be read.
 */
export async function readWritten(
  entry: FileEntry,
  source: ContentSource | undefined,
  from: { readonly contents: ContentOpener; readonly contextFolder: string },
): Promise<(WrittenFile & { readonly name: ImagePath }) | undefined> {
  if (source?.in !== 'context' && source?.in !== 'literal') return undefined;
  const reader = await from.contents.open(source, entry);
  try {
    const bytes = Buffer.allocUnsafe(Math.min(entry.size, mostBytes));
    let filled = 0;
    while (filled < bytes.length) {
      const read = reader.read(bytes.subarray(filled));
      if (read === 0) break;
      filled += read;
    }
    const text = bytes.toString('latin1', 0, filled);
    const path = source.in === 'context' ? join(from.contextFolder, source.path) : undefined;
    return { name: entry.path, text, writtenAt: path === undefined ? 0 : writtenAt(path) };
  } finally {
    reader.close();
  }
}

/** UTC seconds; 0, which is no build's time, where the file has gone. */
function writtenAt(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Math.floor(stat.mtimeMs / 1000);
}
