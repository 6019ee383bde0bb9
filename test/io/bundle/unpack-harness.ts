/** Unpacks tars written for a test into a tree, and gives what came of it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import { unpackRootfs } from '../../../src/io/bundle/rootfs.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { imageOf } from '../../rigs/layer-image.ts';
import { type RawEntry, rawTar } from '../../rigs/raw-tar.ts';
import { type ListedNode, listTree } from '../../rigs/tree-listing.ts';

export interface Unpacked {
  readonly tree: ReadonlyMap<string, ListedNode>;
  readonly warnings: readonly Diagnostic[];
  readonly path: string;
}

let count = 0;

/** Each list of entries is a layer. Throws what unpacking throws. */
export async function unpackLayers(
  base: string,
  ...layers: readonly (readonly RawEntry[])[]
): Promise<Unpacked> {
  const { blobs } = createMemoryStore();
  const image = await imageOf(
    blobs,
    layers.map((entries) => rawTar(entries)),
  );
  count += 1;
  mkdirSync(join(base, String(count)));
  const path = join(base, String(count), 'tree');
  const warnings = await unpackRootfs(image, blobs, {
    destination: path,
    signal: new AbortController().signal,
  });
  return { tree: listTree(path), warnings, path };
}

/** The paths of a tree, without the root, sorted. */
export function pathsOf({ tree }: Unpacked): string[] {
  return [...tree.keys()].filter((path) => path !== '');
}
