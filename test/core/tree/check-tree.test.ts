import { describe, expect, it } from 'vitest';
import { checkTree } from '../../../src/core/tree/check-tree.ts';
import { file, folder, hardlink, removed, symlink } from './sample-trees.ts';

describe('a file tree', () => {
  it('is sorted by bytes, with hardlinks after their files', () => {
    const entries = [
      folder('a'),
      file('a-b'),
      file('a/b'),
      hardlink('a/c', 'a/b'),
      symlink('l', '/x'),
      removed('z'),
    ];
    expect(() => {
      checkTree({ entries });
    }).not.toThrow();
  });

  it('may name a file of a lower layer by a hardlink', () => {
    expect(() => {
      checkTree({ entries: [hardlink('a', 'below')] });
    }).not.toThrow();
  });

  it.each([
    ['out of order', [file('b'), file('a')]],
    ['twice', [file('a'), file('a')]],
    ['no clean image path', [file('/a')]],
    ['no clean image path', [file('a/../b')]],
    ['hardlink', [hardlink('a', 'b'), file('b')]],
    ['hardlink', [file('a'), hardlink('b', 'a'), hardlink('c', 'b')]],
    ['hardlink', [folder('a'), hardlink('b', 'a')]],
  ])('is a bug of ours where it is %s', (words, entries) => {
    expect(() => {
      checkTree({ entries });
    }).toThrow(words);
  });
});
