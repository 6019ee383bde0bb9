/** An image laid open: what is said of its layers, and what a pull of it moves. */
import { describe, expect, it } from 'vitest';
import { imageSide, type ImageSide } from '../../../src/core/compare/image-side.ts';
import { blobsOf, blobsToPull, sizeOf } from '../../../src/core/compare/transfer.ts';
import { digestOfValue } from '../../../src/core/digest/digest.ts';
import type { Descriptor } from '../../../src/core/oci/descriptor.ts';
import type { HistoryEntry } from '../../../src/core/oci/image-config.ts';
import { file, layer as tree, removed } from '../tree/sample-trees.ts';

const platform = { os: 'linux', architecture: 'amd64' };
const blob = (name: string, size = 1): Descriptor => ({
  mediaType: 'any',
  digest: digestOfValue(name),
  size,
});

function side(
  layers: readonly string[],
  { history = [] as readonly HistoryEntry[], root = '' } = {},
): ImageSide {
  const descriptor = blob(`manifest ${layers.join()}`, 10);
  const descriptors = layers.map((name) => blob(name, 1000));
  const documents = {
    name: 'image',
    root: root === '' ? descriptor : blob(root, 7),
    platform,
    descriptor,
    manifest: {
      schemaVersion: 2,
      config: blob(`config ${layers.join()}`, 100),
      layers: descriptors,
    } as const,
    config: { ...platform, rootfs: { type: 'layers', diff_ids: [] }, history } as const,
  };
  const trees = [tree(0, file('a'), file('b')), tree(1, removed('a'), file('c'))];
  return imageSide(
    documents,
    descriptors.map((one, at) => ({
      descriptor: one,
      diffId: one.digest,
      sourced: trees[at % 2] ?? tree(2),
    })),
  );
}

describe('an image laid open', () => {
  it('has layers with their whiteouts, and a root file system without', () => {
    const { layers, merged } = side(['one', 'two']);
    expect(layers[1]?.sourced.tree.entries).toContainEqual(removed('a'));
    expect(merged.tree.entries.map(({ path }) => path)).toEqual(['b', 'c']);
  });

  it('tells of each layer what the history does, empty layers left out', () => {
    const history = [
      { created_by: 'first' },
      { created_by: 'ENV', empty_layer: true },
      { created_by: 'second' },
    ];
    const { layers } = side(['one', 'two'], { history });
    expect(layers.map((one) => one.history?.created_by)).toEqual(['first', 'second']);
  });

  it('tells nothing where the history is of another number of layers', () => {
    const { layers } = side(['one', 'two'], { history: [{ created_by: 'first' }] });
    expect(layers.map((one) => one.history)).toEqual([undefined, undefined]);
  });
});

describe('a pull', () => {
  it('moves what the host lacks, by digest, each blob once', () => {
    const [before, after] = [side(['base', 'old']), side(['base', 'new', 'new'])];
    expect(blobsToPull(before, after)).toHaveLength(3);
    expect(sizeOf(blobsToPull(before, after))).toBe(10 + 100 + 1000);
    expect(blobsToPull(after, after)).toEqual([]);
  });

  it('moves the index that the manifest was chosen from', () => {
    const [before, after] = [side(['base'], { root: 'index' }), side(['base'], { root: 'other index' })];
    expect(blobsToPull(before, after)).toEqual([after.root]);
    expect(sizeOf(blobsOf(after))).toBe(7 + 10 + 100 + 1000);
  });
});
