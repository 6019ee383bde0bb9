import { describe, expect, it } from 'vitest';
import { lastStep, pathHistory } from '../../../src/core/compare/path-history.ts';
import type { FileTree, TreeEntry } from '../../../src/core/tree/file-tree.ts';
import { compareEntries } from '../../../src/core/tree/check-tree.ts';
import { file, folder, path, symlink } from '../plan/example-target.ts';

function layer(...entries: TreeEntry[]): FileTree {
  return { entries: entries.sort(compareEntries) };
}

/** `0 adds, 1 replaces`, then what stands in the end. */
function told(layers: readonly FileTree[], asked: string): string {
  const history = pathHistory(layers, path(asked));
  const steps = history.steps.map(({ layer: at, does }) => `${String(at)} ${does}`);
  return `${steps.join(', ')}: ${lastStep(history)?.by.type ?? 'nothing'}`;
}

const base = layer(folder('etc'), file('etc/conf'), file('etc/other'));

describe('the history of a path', () => {
  it('is empty where no layer names it', () => {
    expect(told([base], 'etc/none')).toBe(': nothing');
  });

  it('names who brought a file and who replaced it', () => {
    expect(told([base, layer(file('app')), layer(file('etc/conf', 'new'))], 'etc/conf')).toBe(
      '0 adds, 2 replaces: file',
    );
  });

  it('ends with the whiteout of the file, or of a folder above it', () => {
    expect(told([base, layer({ type: 'removed', path: path('etc/conf') })], 'etc/conf')).toBe(
      '0 adds, 1 removes: nothing',
    );
    expect(told([base, layer({ type: 'removed', path: path('etc') })], 'etc/conf')).toBe(
      '0 adds, 1 removes: nothing',
    );
  });

  it('lets an opaque whiteout empty a folder and leave it', () => {
    const opaque = layer({ type: 'opaque', path: path('etc') });
    expect(told([base, opaque], 'etc/conf')).toBe('0 adds, 1 removes: nothing');
    expect(told([base, opaque], 'etc')).toBe('0 adds: directory');
  });

  it('takes whiteouts before the entries of their own layer', () => {
    const both = layer(file('etc/conf', 'new'), { type: 'removed', path: path('etc/conf') });
    expect(told([base, both], 'etc/conf')).toBe('0 adds, 1 removes, 1 adds: file');
  });

  it('loses what is below a folder that becomes a file', () => {
    expect(told([base, layer(file('etc'))], 'etc/conf')).toBe('0 adds, 1 removes: nothing');
  });

  it('says nothing of a folder that is named again as it was', () => {
    expect(told([base, layer(folder('etc'), file('etc/new'))], 'etc')).toBe('0 adds: directory');
    expect(told([base, layer(folder('etc', 0o700))], 'etc')).toBe('0 adds, 1 replaces: directory');
  });

  it('finds a folder that no layer names by what is in it', () => {
    expect(told([layer(file('srv/www/index.html'))], 'srv/www')).toBe('0 adds: file');
  });

  it('follows the links that the layers below have', () => {
    const merged = layer(symlink('bin', 'usr/bin'), folder('usr'), folder('usr/bin'), file('usr/bin/sh'));
    const over = layer(file('bin/sh', 'other'));
    expect(told([merged, over], 'bin/sh')).toBe('0 adds, 1 replaces: file');
    expect(pathHistory([merged, over], path('bin/sh')).located).toBe('usr/bin/sh');
  });
});
