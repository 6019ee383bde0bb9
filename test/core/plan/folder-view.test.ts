import { describe, expect, it } from 'vitest';
import { digestOfValue } from '../../../src/core/digest/digest.ts';
import { createFolderView, foldersFor } from '../../../src/core/plan/folder-view.ts';
import { folder, path, symlink } from './example-target.ts';

const merged = createFolderView([
  folder('usr'),
  folder('usr/bin'),
  symlink('bin', 'usr/bin'),
  folder('tmp', 0o1777),
]);

describe('a folder view', () => {
  it('finds a folder through a link of the image', () => {
    expect(merged.resolve(path('bin/sub'))).toBe('usr/bin/sub');
  });

  it('follows an absolute link from the root of the image, and `..` no further than the root', () => {
    const view = createFolderView([symlink('a', '/usr/lib'), symlink('b', '../../../x')]);
    expect(view.resolve(path('a/c'))).toBe('usr/lib/c');
    expect(view.resolve(path('b/c'))).toBe('x/c');
  });

  it('leaves a path alone whose links run in a circle', () => {
    const view = createFolderView([symlink('a', 'b'), symlink('b', 'a')]);
    expect(view.resolve(path('a/c'))).toBe('a/c');
  });

  it('is named by what it was made of', () => {
    const changes = [folder('b'), symlink('c', 'usr')];
    const below = merged.id();
    expect(merged.after(changes).id()).toBe(digestOfValue({ below, changes }));
    expect(merged.after([folder('b')]).id()).not.toBe(merged.after([folder('b', 0o700)]).id());
  });

  it('forgets what a whiteout removed, with all below it', () => {
    const after = merged.after([{ type: 'removed', path: path('usr') }]);
    expect(after.folder(path('usr'))).toBeUndefined();
    expect(after.folder(path('usr/bin'))).toBeUndefined();
  });

  it('keeps what one layer adds below a folder that it makes opaque', () => {
    const after = merged.after([folder('usr'), { type: 'opaque', path: path('usr') }, folder('usr/new')]);
    expect(after.folder(path('usr/bin'))).toBeUndefined();
    expect(after.folder(path('usr/new'))).toBeDefined();
  });

  it('forgets a folder that a file or link replaces, with all below it', () => {
    const after = merged.after([symlink('usr', 'opt')]);
    expect(after.folder(path('usr/bin'))).toBeUndefined();
    expect(after.resolve(path('usr/x'))).toBe('opt/x');
  });
});

describe('the folders that a layer has to name', () => {
  it('are named as the image has them, and as plain ones where it has none', () => {
    expect(foldersFor([path('tmp/new/file')], merged)).toEqual([folder('tmp', 0o1777), folder('tmp/new')]);
  });

  it('stand once each, in byte order', () => {
    expect(foldersFor([path('b/x'), path('a/y/z'), path('a/x')], merged).map((entry) => entry.path)).toEqual([
      'a',
      'a/y',
      'b',
    ]);
  });
});
