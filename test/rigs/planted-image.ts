/**
 * An image in a layout, changed in one place as somebody might have who wanted it to look whole: whatever stands above
 * the change is written again with right digests and sizes.
 */
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { canonicalBytes } from '../../src/core/digest/canonical-json.ts';
import { LayerStream } from '../../src/io/layer/layer-stream.ts';
import { createPacker } from '../../src/io/layer/packer.ts';
import { blobFile } from './layout-documents.ts';

export interface PlantedDescriptor {
  mediaType: string;
  digest: string;
  size: number;
}

export interface PlantedManifest {
  config: PlantedDescriptor;
  layers: PlantedDescriptor[];
  annotations?: Record<string, string>;
}

export interface PlantedConfig {
  created: string;
  config: { Env: string[]; Labels: Record<string, string>; Cmd?: string[] };
  rootfs: { diff_ids: string[] };
  history: Record<string, unknown>[];
}

/** What is to be another: any of them, changed in place. */
export interface Plant {
  readonly manifest?: (manifest: PlantedManifest) => void;
  readonly config?: (config: PlantedConfig) => void;
  /** The tar of the first layer, as another; packed by our encoder at level 6. */
  readonly tar?: (tar: Buffer) => Buffer;
  /** The tar of the first layer, packed. */
  readonly pack?: (tar: Buffer) => Buffer | Promise<Buffer>;
}

/** Copies the layout, which has one image of one platform, to `planted` and changes it there. */
export async function plant(layout: string, planted: string, change: Plant): Promise<void> {
  cpSync(layout, planted, { recursive: true });
  const index = readJson(join(planted, 'index.json')) as { manifests: PlantedDescriptor[] };
  const root = first(index.manifests);
  const manifest = readJson(blobFile(planted, root.digest)) as PlantedManifest;
  const config = readJson(blobFile(planted, manifest.config.digest)) as PlantedConfig;
  if (change.tar !== undefined || change.pack !== undefined) {
    await plantLayer(planted, { manifest, config }, change);
  }
  change.config?.(config);
  Object.assign(manifest.config, put(planted, canonicalBytes(config)));
  change.manifest?.(manifest);
  Object.assign(root, put(planted, canonicalBytes(manifest)));
  writeFileSync(join(planted, 'index.json'), canonicalBytes(index));
}

async function plantLayer(
  planted: string,
  { manifest, config }: { readonly manifest: PlantedManifest; readonly config: PlantedConfig },
  { tar: change = (tar) => tar, pack = (tar) => packOurs(tar, 6) }: Plant,
): Promise<void> {
  const layer = first(manifest.layers);
  const tar = change(gunzipSync(readFileSync(blobFile(planted, layer.digest))));
  Object.assign(layer, put(planted, await pack(tar)));
  config.rootfs.diff_ids[0] = digestOf(tar);
}

/** By our own encoder. */
export async function packOurs(tar: Uint8Array, level: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  const packer = createPacker({ threads: 1 });
  const stream = await LayerStream.begin({
    compression: { type: 'gzip', level },
    sink: { write: (bytes) => parts.push(Buffer.from(bytes)) },
    packer,
    tarBytes: 0,
    signal: new AbortController().signal,
    onBlock: () => undefined,
  });
  await stream.write(tar);
  await stream.end();
  await stream.close();
  await packer.close();
  return Buffer.concat(parts);
}

function put(layout: string, bytes: Uint8Array): Pick<PlantedDescriptor, 'digest' | 'size'> {
  const digest = digestOf(bytes);
  writeFileSync(join(layout, 'blobs', digest.replace(':', '/')), bytes);
  return { digest, size: bytes.length };
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function first<T>([one]: readonly T[]): T {
  if (one === undefined) throw new Error('the layout holds nothing');
  return one;
}
