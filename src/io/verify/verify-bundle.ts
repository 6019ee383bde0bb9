/**
 * A runtime bundle (runtime-spec bundle.md) held against what it has to be, and one of ours against its image where the
 * store has that: every entry of the image is in rootfs with its type, content, permissions and link target. What a
 * container has added since, and owners, which a user namespace shifts, are not looked at.
 */
import { lstatSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { Digest } from '../../core/digest/digest.ts';
import { isObject } from '../../core/oci/json-check.ts';
import { parseStrictJson } from '../../core/oci/strict-json.ts';
import type { FileTree } from '../../core/tree/file-tree.ts';
import { mergeLayers } from '../../core/tree/merge-layers.ts';
import { manifestOfBundle } from '../bundle/marker.ts';
import { readPackedTree, sourcedTree } from '../source/packed-tree.ts';
import type { BlobReader, BlobStore } from '../store/store.ts';
import { loadImage } from '../transport/load-image.ts';
import { openStored } from '../transport/stored.ts';
import { requireEntry } from './require-entry.ts';
import { VerifyError } from './verify-error.ts';

export interface BundleVerdict {
  /** The image that the bundle was made of, where it is one of ours. */
  readonly manifest?: Digest;
  /** Entries of the image that are in rootfs as they have to be; absent where the store lacks the image. */
  readonly entries?: number;
}

/** Throws VerifyError `verify/no-bundle`, `verify/bundle-changed`, and what reading the image throws. */
export async function verifyBundle(bundle: string, blobs: BlobStore): Promise<BundleVerdict> {
  requireConfig(bundle);
  const manifest = manifestOfBundle(bundle);
  if (manifest === undefined) return {};
  if ((await blobs.size(manifest)) === undefined) return { manifest };
  const { entries } = await treeOf(manifest, blobs);
  for (const entry of entries) requireEntry(join(bundle, 'rootfs'), entry);
  return { manifest, entries: entries.length };
}

function requireConfig(bundle: string): void {
  const parsed = parseStrictJson(configBytes(bundle));
  const config = parsed.ok && isObject(parsed.value) ? parsed.value : {};
  const { ociVersion, root } = config as { readonly ociVersion?: unknown; readonly root?: unknown };
  const path = isObject(root) ? root['path'] : undefined;
  if (typeof ociVersion !== 'string' || typeof path !== 'string') {
    throw noBundle(bundle, 'its config.json says neither a version nor a root');
  }
  if (statsOf(join(bundle, 'rootfs'))?.isDirectory() !== true)
    throw noBundle(bundle, 'it has no folder rootfs');
}

function configBytes(bundle: string): Uint8Array {
  const file = join(bundle, 'config.json');
  if (statsOf(file)?.isFile() !== true) throw noBundle(bundle, 'it has no file config.json');
  return readFileSync(file);
}

function statsOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function noBundle(bundle: string, reason: string): VerifyError {
  return new VerifyError('verify/no-bundle', `${quoteText(bundle)} is no runtime bundle: ${reason}`, {
    help: 'name the folder that `layerwright bundle` made',
  });
}

async function treeOf(manifest: Digest, blobs: BlobStore): Promise<FileTree> {
  const { root } = await openStored(manifest, blobs);
  const { image } = await loadImage(blobs, root);
  const layers = [];
  for (const { descriptor } of image.layers) layers.push(await layerTree(descriptor, blobs));
  return mergeLayers(layers).merged.tree;
}

async function layerTree(
  { digest, mediaType }: { readonly digest: Digest; readonly mediaType: string },
  blobs: BlobReader,
): Promise<ReturnType<typeof sourcedTree>> {
  const packed = await readPackedTree({ chunks: blobs.read(digest), mediaType, as: 'layer' });
  return sourcedTree(packed, (offset) => ({ in: 'layer', blob: digest, offset }));
}
