/**
 * An image held against its own promises, from its index down to the tar in each layer: digests, sizes, diffIDs, the
 * specification's demands on each document, and what the documents say of each other. Nothing of it is kept.
 */
import { exitCodeOf } from '../../core/diagnostic/catalogue.ts';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { diagnosticOf, Failure } from '../../core/diagnostic/failure.ts';
import { parseDigest } from '../../core/digest/digest.ts';
import type { Layer } from '../../core/image/image.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { imageContradictions, platformContradictions } from '../../core/oci/image-invariants.ts';
import type { ImageConfig } from '../../core/oci/image-config.ts';
import type { Manifest } from '../../core/oci/manifest.ts';
import { isConfigType, isForeignLayerType, isLayerType } from '../../core/oci/media-type.ts';
import { readConfig, readManifest } from '../transport/image-document.ts';
import type { ImageSource } from '../transport/transport.ts';
import { maxIndexDepth, tooDeep } from '../transport/walk-image.ts';
import { VerifyError } from './verify-error.ts';
import { verifyBlob, verifyLayer } from './verify-layer.ts';

export interface Verdict {
  readonly indexes: number;
  readonly manifests: number;
  readonly configs: number;
  /** Layers that were read to the last entry of their tar. */
  readonly layers: number;
  /** Blobs of which digest and size were compared and nothing else: those of artifacts and attestations. */
  readonly otherBlobs: number;
  /** Bytes of everything that was read, each blob once. */
  readonly bytes: number;
  /** Layers that may not be distributed, which stand elsewhere. */
  readonly left: readonly Descriptor[];
  /** Everything that is wrong, the gravest first. */
  readonly problems: readonly Diagnostic[];
}

export interface VerifyOptions {
  readonly signal: AbortSignal;
  /** Called with the bytes of each blob that was read. */
  readonly onRead: (bytes: number) => void;
}

/** Everything below `root`, which is the source's own. Throws only for what is no Failure. */
export async function verifyImage(
  source: ImageSource,
  root: Descriptor,
  options: VerifyOptions,
): Promise<Verdict> {
  const walk = new Walk(source, options);
  await walk.document(root, 0);
  return walk.verdict();
}

class Walk {
  readonly #source: ImageSource;
  readonly #options: VerifyOptions;
  readonly #seen = new Set<string>();
  readonly #problems: Diagnostic[] = [];
  readonly #left: Descriptor[] = [];
  readonly #counts = { indexes: 0, manifests: 0, configs: 0, layers: 0, otherBlobs: 0, bytes: 0 };

  constructor(source: ImageSource, options: VerifyOptions) {
    this.#source = source;
    this.#options = options;
  }

  verdict(): Verdict {
    return { ...this.#counts, left: this.#left, problems: gravestFirst(this.#problems) };
  }

  /** A manifest or an index, and what is below it. */
  async document(descriptor: Descriptor, depth: number): Promise<void> {
    await this.#once(descriptor, async () => {
      const { mediaType, digest } = descriptor;
      if (depth > maxIndexDepth) throw tooDeep(digest);
      const bytes = await this.#source.readDocument(descriptor);
      const document = readManifest(bytes, { mediaType, place: digest });
      if (document.kind === 'manifest') {
        this.#counts.manifests += 1;
        await this.#manifest(document.manifest, descriptor);
        return;
      }
      this.#counts.indexes += 1;
      for (const child of document.index.manifests) await this.document(child, depth + 1);
    });
  }

  async #manifest(manifest: Manifest, descriptor: Descriptor): Promise<void> {
    if (!isConfigType(manifest.config.mediaType)) {
      for (const blob of [manifest.config, ...manifest.layers]) await this.#blob(blob);
      return;
    }
    const config = await this.#config(manifest, descriptor);
    for (const [at, layer] of manifest.layers.entries()) {
      await this.#layer(layer, config?.rootfs.diff_ids[at]);
    }
  }

  async #config(manifest: Manifest, descriptor: Descriptor): Promise<ImageConfig | undefined> {
    const { digest } = manifest.config;
    const config = await this.#try(async () => {
      const read = readConfig(await this.#source.readDocument(manifest.config), digest);
      this.#counts.configs += 1;
      this.#read(manifest.config);
      return read;
    });
    if (config === undefined) return undefined;
    const said = [
      ...imageContradictions(manifest, config),
      ...platformContradictions(descriptor.platform, config),
    ];
    this.#problems.push(...said.map((sentence) => contradiction(descriptor, sentence)));
    return config;
  }

  async #layer(descriptor: Descriptor, diffId: string | undefined): Promise<void> {
    const { mediaType } = descriptor;
    if (isForeignLayerType(mediaType)) {
      this.#left.push(descriptor);
      return;
    }
    const parsed = parseDigest(diffId ?? '');
    if (!isLayerType(mediaType) || !parsed.ok) {
      await this.#blob(descriptor);
      return;
    }
    const layer = { descriptor, diffId: parsed.digest };
    await this.#once(layer.descriptor, () => this.#wholeLayer(layer), layer.diffId);
  }

  async #wholeLayer(layer: Layer): Promise<void> {
    this.#counts.layers += 1;
    await verifyLayer(layer, (blob) => this.#source.openBlob(blob));
  }

  async #blob(descriptor: Descriptor): Promise<void> {
    await this.#once(descriptor, async () => {
      this.#counts.otherBlobs += 1;
      await verifyBlob(descriptor, (blob) => this.#source.openBlob(blob));
    });
  }

  /**
   * What several manifests share is read for the first of them; the same bytes under another size, or with
   * another diffID, are another claim.
   */
  async #once(descriptor: Descriptor, verify: () => Promise<void>, diffId = ''): Promise<void> {
    const { digest, size, mediaType } = descriptor;
    const claim = `${digest} ${size} ${mediaType} ${diffId}`;
    if (this.#seen.has(claim)) return;
    this.#seen.add(claim);
    this.#read(descriptor);
    await this.#try(verify);
  }

  #read({ size }: Descriptor): void {
    this.#counts.bytes += size;
    this.#options.onRead(size);
  }

  async #try<T>(verify: () => Promise<T>): Promise<T | undefined> {
    this.#options.signal.throwIfAborted();
    try {
      return await verify();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#problems.push(diagnosticOf(error));
      return undefined;
    }
  }
}

function contradiction({ digest }: Descriptor, sentence: string): Diagnostic {
  return diagnosticOf(
    new VerifyError('verify/contradiction', `image ${digest} contradicts itself: ${sentence}`, {
      help: 'have the image made again by the tool that wrote it',
    }),
  );
}

/** What is hostile goes before what is damaged. */
function gravestFirst(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const isHostile = ({ code }: Diagnostic): boolean => exitCodeOf(code) === exitCodes.untrusted;
  return [...problems.filter(isHostile), ...problems.filter((problem) => !isHostile(problem))];
}
