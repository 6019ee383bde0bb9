/** An image of a layout as a folder of files, by GNU tar alone: nothing of ours reads what we built. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackTar } from './debian-trees.ts';

interface Descriptor {
  readonly digest: string;
  readonly platform?: { readonly architecture: string };
}

/** The layers one after another, as they were packed; they may have no whiteouts. */
export function unpackLayout(layout: string, architecture: string, folder: string): void {
  for (const layer of layerFiles(layout, architecture)) unpackTar(layer, folder);
}

/** The blobs of the layers of the layout's only image for the processor. */
export function layerFiles(layout: string, architecture: string): readonly string[] {
  const [top] = document(join(layout, 'index.json')).manifests ?? [];
  const { manifests, layers } = document(blobPath(layout, top?.digest));
  const own = manifests?.find(({ platform }) => platform?.architecture === architecture);
  const all = layers ?? document(blobPath(layout, own?.digest)).layers ?? [];
  return all.map(({ digest }) => blobPath(layout, digest));
}

function document(path: string): {
  readonly manifests?: readonly Descriptor[];
  readonly layers?: readonly Descriptor[];
} {
  return JSON.parse(readFileSync(path, 'utf8')) as ReturnType<typeof document>;
}

function blobPath(layout: string, digest = ''): string {
  return join(layout, 'blobs', digest.replace(':', '/'));
}
