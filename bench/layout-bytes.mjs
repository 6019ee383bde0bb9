/** Reads just enough of an image layout to say how large its image is, whoever wrote it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The bytes of all layers of the one image of a layout, as they lie there. @param {string} layout */
export function layoutBytes(layout) {
  return layersOf(layout).reduce((sum, { size }) => sum + size, 0);
}

/**
 * @param {string} layout
 * @returns {readonly { digest: string, size: number, mediaType: string, path: string }[]}
 */
export function layersOf(layout) {
  const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
  if (manifests.length !== 1) throw new Error(`${layout} holds ${manifests.length} images and not one`);
  const { layers } = JSON.parse(readFileSync(blobPath(layout, manifests[0].digest), 'utf8'));
  if (layers.length === 0) throw new Error(`the image of ${layout} has no layer`);
  return layers.map((/** @type {{ digest: string, size: number, mediaType: string }} */ layer) => ({
    ...layer,
    path: blobPath(layout, layer.digest),
  }));
}

/**
 * @param {string} layout
 * @param {string} digest
 */
function blobPath(layout, digest) {
  return join(layout, 'blobs', digest.replace(':', '/'));
}
