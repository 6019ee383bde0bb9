/**
 * The versions in package.json files, by the digest of the file: remembered with the trees that hold them, while the
 * files are there, so that a later build can say from which version to which one went. Those below a node_modules are
 * the dependencies' own, and many.
 */
import { isPackageFile } from '../../core/compare/name-versions.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import { mapText } from '../../core/npm/read-json.ts';
import type { Digest } from '../../core/digest/digest.ts';
import type { ContentSource, FileEntry, SourcedTree } from '../../core/tree/file-tree.ts';
import type { ContentOpener } from '../source/open-content.ts';
import type { ResultCache } from '../store/store.ts';

const kind = 'package-version';
const mostFiles = 20;
const mostBytes = 1 << 18;

export async function rememberVersions(
  results: ResultCache,
  sourced: SourcedTree,
  contents: ContentOpener,
): Promise<void> {
  for (const { file, source } of packageFiles(sourced).slice(0, mostFiles)) {
    const version = await readVersion(file, source, contents);
    if (version !== undefined) await results.put(kind, file.digest, { version });
  }
}

/** The version of a file that was remembered, else of one in the tree, which may be new. */
export async function versionOf(
  digest: Digest,
  places: {
    readonly results: ResultCache;
    readonly trees: readonly SourcedTree[];
    readonly contents: ContentOpener;
  },
): Promise<string | undefined> {
  const known = versionIn(await places.results.get(kind, digest));
  if (known !== undefined) return known;
  const found = places.trees.flatMap(packageFiles).find(({ file }) => file.digest === digest);
  return found && readVersion(found.file, found.source, places.contents);
}

interface PackageFile {
  readonly file: FileEntry;
  readonly source: ContentSource;
}

/** Those of the context; for one in an archive all of that would have to be decompressed. */
function packageFiles({ tree, contents }: SourcedTree): PackageFile[] {
  return tree.entries.flatMap((file) => {
    if (file.type !== 'file' || !isPackageFile(file.path) || file.path.includes('node_modules/')) return [];
    const source = contents[file.path];
    return source?.in === 'context' && file.size <= mostBytes ? [{ file, source }] : [];
  });
}

/** Undefined for what cannot be read, or is no package.json as npm writes one: it is a hint, and costs no build. */
async function readVersion(
  file: FileEntry,
  source: ContentSource,
  contents: ContentOpener,
): Promise<string | undefined> {
  const bytes = await readWhole(file, source, contents);
  return bytes === undefined ? undefined : versionIn(mapText(bytes.toString('utf8')));
}

/** Undefined for what cannot be read, or is shorter than it should be. */
export async function readWhole(
  file: FileEntry,
  source: ContentSource,
  contents: ContentOpener,
): Promise<Buffer | undefined> {
  try {
    const reader = await contents.open(source, file);
    try {
      const bytes = Buffer.alloc(file.size);
      for (let at = 0; at < bytes.length;) {
        const length = reader.read(bytes.subarray(at));
        if (length === 0) return undefined;
        at += length;
      }
      return bytes;
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

function versionIn(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const { version } = document as { readonly version?: unknown };
  return typeof version === 'string' ? version : undefined;
}
