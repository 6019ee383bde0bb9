/** Whole files out of packages in the store, for steps that look into a few of them. */
import { Bug } from '../../../core/diagnostic/bug.ts';
import type { SourcedTree } from '../../../core/tree/file-tree.ts';
import type { ImagePath } from '../../../core/tree/image-path.ts';
import { type ContentOpener, createContentOpener } from '../open-content.ts';
import type { Reading } from '../reading.ts';

export type ReadContent = (root: SourcedTree, path: ImagePath) => Promise<Uint8Array>;

/** Gives `use` what reads; what was opened for it is closed when that ends. */
export async function withContents<T>(
  { context, store }: Pick<Reading, 'context' | 'store'>,
  use: (read: ReadContent) => Promise<T>,
): Promise<T> {
  const opener = createContentOpener({ contextFolder: context, blobs: store.blobs });
  try {
    return await use((root, path) => readWhole(opener, root, path));
  } finally {
    await opener.close();
  }
}

async function readWhole(opener: ContentOpener, root: SourcedTree, path: ImagePath): Promise<Uint8Array> {
  const entry = root.tree.entries.find((one) => one.path === path);
  const source = root.contents[path];
  if (entry?.type !== 'file' || source === undefined) throw new Bug(`${path} is no file of a package`);
  const reader = await opener.open(source, entry);
  const bytes = new Uint8Array(entry.size);
  try {
    let filled = 0;
    while (filled < bytes.length) {
      const count = reader.read(bytes.subarray(filled));
      if (count === 0) throw new Bug(`${path} of a package is shorter than its entry`);
      filled += count;
    }
    return bytes;
  } finally {
    reader.close();
  }
}
