/** Trees of packages for tests, from lines: `f PATH TEXT`, `d PATH MODE`, `l PATH TARGET`, `h PATH TARGET`. */
import type { SourcedTree } from '../../../src/core/tree/file-tree.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import { withWritten } from '../../../src/core/deb/effects/apply-effects.ts';
import { writtenFile, writtenFolder, writtenLink } from '../../../src/core/deb/written-file.ts';

const empty: SourcedTree = { tree: { entries: [] }, contents: {} };

export function treeOf(lines: readonly string[]): SourcedTree {
  const written = lines.map((line) => {
    const [kind, path = '', rest = ''] = line.split(' ');
    if (kind === 'd') return writtenFolder(path, rest === '' ? 0o755 : parseInt(rest, 8));
    if (kind === 'l') return writtenLink(path, rest);
    const file = writtenFile(path, rest.replaceAll('_', ' ').replaceAll('|', '\n'));
    if (kind !== 'h') return file;
    const { mode, uid, gid, mtime } = file.entry;
    return {
      entry: {
        type: 'hardlink' as const,
        path: path as ImagePath,
        target: rest as ImagePath,
        mode,
        uid,
        gid,
        mtime,
      },
    };
  });
  return withWritten(empty, written);
}

/** Back to lines, so that a test shows what is meant. */
export function linesOf({ tree, contents }: SourcedTree): string[] {
  return tree.entries.map((entry) => {
    if (entry.type === 'symlink') return `l ${entry.path} ${entry.target}`;
    if (entry.type === 'hardlink') return `h ${entry.path} ${entry.target}`;
    if (entry.type === 'directory')
      return `d ${entry.path}${entry.mode === 0o755 ? '' : ` ${entry.mode.toString(8)}`}`;
    return `f ${entry.path} ${textOf(contents[entry.path])}`;
  });
}

export function textOf(content: SourcedTree['contents'][ImagePath] | undefined): string {
  return content?.in === 'literal' ? Buffer.from(content.base64, 'base64').toString() : '?';
}

/** Reads the literal contents of a tree. */
export function readerOf({ contents }: SourcedTree) {
  return (path: ImagePath) => Promise.resolve(new TextEncoder().encode(textOf(contents[path])));
}
