/** Two images side by side: their documents, their layers, their files, what they weigh, and what a pull moves. */
import type { Descriptor } from '../oci/descriptor.ts';
import { formatPlatform } from '../oci/platform.ts';
import type { Digest } from '../digest/digest.ts';
import { compareConfigs, compareManifests, type FieldDifference } from './compare-documents.ts';
import { compareFiles, type FileDifference } from './compare-files.ts';
import { compareLayers, type LayerDifference } from './compare-layers.ts';
import type { PackageDifference } from './image-packages.ts';
import type { ImageSide } from './image-side.ts';
import { blobsOf, blobsToPull, sizeOf } from './transfer.ts';

export interface ComparedImage {
  readonly name: string;
  readonly platform: string;
  /** Of the manifest. */
  readonly digest: Digest;
  /** Bytes of its blobs, each once: index, manifest, config, layers as they are compressed. */
  readonly size: number;
  readonly layers: number;
  /** Paths of its root file system, and the bytes of the files there, each once however many names it has. */
  readonly files: number;
  readonly fileBytes: number;
}

export interface ImageDifferences {
  /** Whether the manifests have one digest; everything below them is the same then. */
  readonly same: boolean;
  readonly before: ComparedImage;
  readonly after: ComparedImage;
  readonly config: readonly FieldDifference[];
  readonly manifest: readonly FieldDifference[];
  /** The shared ones too. */
  readonly layers: readonly LayerDifference[];
  readonly files: readonly FileDifference[];
  /** npm's and Debian's; absent where nobody looked into the files for them. */
  readonly packages?: readonly PackageDifference[];
  /** What a host that holds `before` has to pull to have `after`. */
  readonly pull: { readonly bytes: number; readonly blobs: readonly Descriptor[] };
}

export function diffImages(before: ImageSide, after: ImageSide): ImageDifferences {
  const blobs = blobsToPull(before, after);
  return {
    same: before.descriptor.digest === after.descriptor.digest,
    before: comparedImage(before),
    after: comparedImage(after),
    config: compareConfigs(before.config, after.config),
    manifest: compareManifests(before.manifest, after.manifest),
    layers: compareLayers(before.layers, after.layers),
    files: compareFiles(before.merged, after.merged),
    pull: { bytes: sizeOf(blobs), blobs },
  };
}

function comparedImage(side: ImageSide): ComparedImage {
  const { name, platform, descriptor, layers, merged } = side;
  const { entries } = merged.tree;
  return {
    name,
    platform: formatPlatform(platform),
    digest: descriptor.digest,
    size: sizeOf(blobsOf(side)),
    layers: layers.length,
    files: entries.length,
    fileBytes: entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0),
  };
}
