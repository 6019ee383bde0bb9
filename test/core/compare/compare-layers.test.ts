/** Which layers of two images are the same, which were packed otherwise, moved or replaced. */
import { describe, expect, it } from 'vitest';
import { compareLayers } from '../../../src/core/compare/compare-layers.ts';
import type { SideLayer } from '../../../src/core/compare/image-side.ts';
import { digestOfValue } from '../../../src/core/digest/digest.ts';
import { layer as tree } from '../tree/sample-trees.ts';

/** `content` is what it decompresses to, `bytes` how that is packed. */
function layer(content: string, { bytes = content, by = '' } = {}): SideLayer {
  return {
    descriptor: { mediaType: 'tar', digest: digestOfValue(bytes), size: 1 },
    diffId: digestOfValue(content),
    sourced: tree(1),
    ...(by === '' ? {} : { history: { created_by: by } }),
  };
}

/** `change before>after`, positions from 0. */
function told(before: readonly SideLayer[], after: readonly SideLayer[]): string[] {
  return compareLayers(before, after).map((difference) => {
    const was = 'before' in difference ? String(difference.before.position) : '';
    const is = 'after' in difference ? String(difference.after.position) : '';
    const moved = 'moved' in difference && difference.moved ? ' moved' : '';
    return `${difference.change} ${was}>${is}${moved}`;
  });
}

describe('two lists of layers', () => {
  it('share what has one digest', () => {
    expect(told([layer('a'), layer('b')], [layer('a'), layer('b')])).toEqual(['shared 0>0', 'shared 1>1']);
  });

  it('tell the same content in other bytes', () => {
    expect(told([layer('a', { bytes: 'gzip' })], [layer('a', { bytes: 'zstd' })])).toEqual([
      'recompressed 0>0',
    ]);
  });

  it('take a layer of the same words for the one that was replaced', () => {
    const before = [layer('base'), layer('old dist', { by: 'copy dist' }), layer('gone', { by: 'copy doc' })];
    const after = [layer('base'), layer('new dist', { by: 'copy dist' }), layer('new', { by: 'copy lib' })];
    expect(told(before, after)).toEqual(['shared 0>0', 'changed 1>1', 'added >2', 'removed 2>']);
  });

  it('pair layers of which nothing is said in their order', () => {
    expect(told([layer('a'), layer('b')], [layer('c')])).toEqual(['changed 0>0', 'removed 1>']);
  });

  it('tell which moved among the shared, and not which were pushed by an added one', () => {
    expect(told([layer('a'), layer('b')], [layer('x', { by: 'x' }), layer('b'), layer('a')])).toEqual([
      'added >0',
      'shared 1>1 moved',
      'shared 0>2 moved',
    ]);
    expect(told([layer('a'), layer('b')], [layer('x', { by: 'x' }), layer('a'), layer('b')])).toEqual([
      'added >0',
      'shared 0>1',
      'shared 1>2',
    ]);
  });

  it('pair a layer that stands several times as often as both have it', () => {
    expect(told([layer('a'), layer('a')], [layer('a')])).toEqual(['shared 0>0', 'removed 1>']);
  });
});
