/** An image of a layout as a folder of files, by GNU tar alone: nothing of ours reads what we built. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackTar } from './debian-trees.ts';

interface Descriptor {
  readonly digest: string;
  readonly platform?: { readonly architecture: string };
}

/** The layers of the layout's only image for the processor, one after another; they may have no whiteouts. */
export function unpackLayout(layout: string, architecture: string, folder: string): void {
  const [top] = document(join(layout, 'index.json')).manifests ?? [];
  const { manifests, layers } = document(blobPath(layout, top?.digest));
  const own = manifests?.find(({ platform }) => platform?.architecture === architecture);
  const all = layers ?? document(blobPath(layout, own?.digest)).layers ?? [];
  for (const { digest } of all) unpackTar(blobPath(layout, digest), folder);
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
