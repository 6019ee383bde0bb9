/** `fetch`: a file of the web as a tree of one file, which bears the URL's own name. */
import type { SourceRequest, SourceTree } from '../../core/plan/snapshot.ts';
import { nameInUrl } from '../../core/recipe/value/web-address.ts';
import { emptyContents, type FileEntry } from '../../core/tree/file-tree.ts';
import { type ImagePath, parseImagePath } from '../../core/tree/image-path.ts';
import { sourceTreeOf } from './digest-tree.ts';
import { fetchPinned } from './pinned-file.ts';
import type { Reading } from './reading.ts';

export type FetchRequest = SourceRequest & { readonly kind: 'fetch' };

/** Throws as fetchPinned does. */
export async function readFetchSource(reading: Reading, request: FetchRequest): Promise<SourceTree> {
  const { digest, size } = await fetchPinned(reading, request);
  const path = nameOf(request.source);
  const owner = { uid: 0, gid: 0 };
  const entry: FileEntry = { type: 'file', path, size, digest, mode: 0o644, ...owner, mtime: { seconds: 0 } };
  const contents = emptyContents();
  contents[path] = { in: 'blob', blob: digest };
  return sourceTreeOf({ tree: { entries: [entry] }, contents }, { single: true });
}

/** Of a URL without a name, one that nobody sees: its layer says itself what the file is called. */
function nameOf(url: string): ImagePath {
  const parsed = parseImagePath(nameInUrl(url) ?? '');
  return parsed.ok && parsed.path !== '' ? parsed.path : ('download' as ImagePath);
}
