/** Trees for tests: short ways to write entries, and random trees that keep the rules of a tree. */
import fc from 'fast-check';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { compareEntries } from '../../../src/core/tree/check-tree.ts';
import { emptyContents, type SourcedTree, type TreeEntry } from '../../../src/core/tree/file-tree.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';

const plain = { uid: 0, gid: 0, mtime: { seconds: 0 } };
const text = (value: string) => new TextEncoder().encode(value);

export function file(path: string, content = path): TreeEntry {
  const size = text(content).length;
  return {
    ...plain,
    type: 'file',
    path: path as ImagePath,
    mode: 0o644,
    size,
    digest: digestOf(text(content)),
  };
}
export function folder(path: string, mode = 0o755): TreeEntry {
  return { ...plain, type: 'directory', path: path as ImagePath, mode };
}
export function symlink(path: string, target: string): TreeEntry {
  return { ...plain, type: 'symlink', path: path as ImagePath, mode: 0o777, target };
}
export function hardlink(path: string, target: string): TreeEntry {
  return { ...plain, type: 'hardlink', path: path as ImagePath, mode: 0o644, target: target as ImagePath };
}
export function removed(path: string): TreeEntry {
  return { type: 'removed', path: path as ImagePath };
}
export function opaque(path: string): TreeEntry {
  return { type: 'opaque', path: path as ImagePath };
}

/** The entries, sorted, each file's content at an offset that tells it from others. */
export function layer(name: number, ...entries: TreeEntry[]): SourcedTree {
  const contents = emptyContents();
  entries.forEach((entry, index) => {
    if (entry.type === 'file')
      contents[entry.path] = { in: 'archive', path: `layer${String(name)}`, offset: index };
  });
  return { tree: { entries: entries.toSorted(compareEntries) }, contents };
}

const name = fc.constantFrom(
  'a',
  'b',
  'bin',
  'etc',
  'constructor',
  '__proto__',
  'x y',
  'caf\udce9',
  '"\\\n',
  '\u{1f600}',
);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/') as ImagePath);
const metadata = {
  path,
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  gid: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  mtime: fc.record(
    { seconds: fc.integer(), nanoseconds: fc.nat(999_999_999) },
    { requiredKeys: ['seconds'] },
  ),
  xattrs: fc.dictionary(fc.constantFrom('user.b', 'user.a', 'security.capability'), fc.base64String()),
};
const required = ['path', 'mode', 'uid', 'gid', 'mtime'] as const;
const digest = fc.string().map((value) => digestOf(text(value)));
const type = <Name extends string>(value: Name) => fc.constant(value);

export const anyEntry: fc.Arbitrary<TreeEntry> = fc.oneof(
  fc.record(
    { ...metadata, type: type('file'), size: fc.nat(), digest },
    { requiredKeys: [...required, 'type', 'size', 'digest'] },
  ),
  fc.record({ ...metadata, type: type('directory') }, { requiredKeys: [...required, 'type'] }),
  fc.record({ ...metadata, type: type('fifo') }, { requiredKeys: [...required, 'type'] }),
  fc.record(
    { ...metadata, type: type('symlink'), target: fc.string() },
    { requiredKeys: [...required, 'type', 'target'] },
  ),
  fc.record(
    { ...metadata, type: type('hardlink'), target: path },
    { requiredKeys: [...required, 'type', 'target'] },
  ),
  fc.record(
    {
      ...metadata,
      type: fc.constantFrom('block-device' as const, 'character-device' as const),
      major: fc.nat(),
      minor: fc.nat(),
    },
    { requiredKeys: [...required, 'type', 'major', 'minor'] },
  ),
  fc.record({ path, type: fc.constantFrom('removed' as const, 'opaque' as const) }),
);
