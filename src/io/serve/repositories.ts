/**
 * What is in which repository. Tags stand in a table, blobs and manifests as facts; images that the table names and
 * nobody pushed (those of a layout, of the build store) are walked once and known from then on.
 */
import { type Digest, parseDigest } from '../../core/digest/digest.ts';
import { diagnosticOf, Failure } from '../../core/diagnostic/failure.ts';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { BlobReader } from '../store/store.ts';
import type { Facts } from './facts.ts';
import { type Content, findContent, type KeptManifest } from './find-content.ts';
import { layeredFacts } from './layered-facts.ts';
import { byBytes, memoryFacts } from './memory-facts.ts';
import type { NamedImage, TagTable } from './tag-table.ts';

export interface RepositoryParts {
  readonly facts: Facts;
  readonly tags: TagTable;
  readonly blobs: BlobReader;
  readonly onWarning: (warning: Diagnostic) => void;
}

export class Repositories {
  readonly #parts: RepositoryParts;
  readonly #found = memoryFacts();
  readonly #facts: Facts;
  readonly #walked = new Set<string>();
  #seen: readonly NamedImage[] = [];

  constructor(parts: RepositoryParts) {
    this.#parts = parts;
    this.#facts = layeredFacts(this.#found, parts.facts);
  }

  /** In byte order. */
  async names(): Promise<readonly string[]> {
    const images = await this.#images();
    return [...new Set([...this.#facts.repositories(), ...images.map(({ repository }) => repository)])].sort(
      byBytes,
    );
  }

  /** In byte order; undefined where there is no such repository. */
  async tags(repository: string): Promise<readonly string[] | undefined> {
    const images = await this.#images();
    const own = images.filter((image) => image.repository === repository);
    if (own.length === 0 && !this.#facts.repositories().includes(repository)) return undefined;
    return own.flatMap(({ tag }) => tag ?? []).sort(byBytes);
  }

  /** The manifest that a tag or a digest names, where its bytes are there. */
  async manifest(repository: string, reference: string): Promise<Descriptor | undefined> {
    const images = await this.#images();
    const named = images.find((image) => image.repository === repository && image.tag === reference);
    const parsed = parseDigest(named?.root.digest ?? reference);
    if (!parsed.ok) return undefined;
    return this.#whole(this.#facts.get({ repository, kind: 'manifests' }, parsed.digest));
  }

  /** A blob that was pushed to this repository, mounted there, or is part of an image of it. */
  async blob(repository: string, digest: Digest): Promise<Descriptor | undefined> {
    await this.#images();
    return this.#whole(this.#facts.get({ repository, kind: 'blobs' }, digest));
  }

  /** The manifests that have `subject` as theirs. */
  async referrers(repository: string, subject: Digest): Promise<readonly Descriptor[]> {
    await this.#images();
    return this.#facts.list({ repository, kind: 'referrers', subject });
  }

  /** Whether any repository has these bytes, as a blob or as a manifest. */
  async isUsed(digest: Digest): Promise<boolean> {
    return (await this.names()).some((repository) =>
      (['blobs', 'manifests'] as const).some((kind) => this.#facts.get({ repository, kind }, digest)),
    );
  }

  /** Some repository that has the blob. */
  async ownerOf(digest: Digest): Promise<string | undefined> {
    const names = await this.names();
    return names.find((repository) => this.#facts.get({ repository, kind: 'blobs' }, digest));
  }

  /**
   * Whether the repository has it. What was found in an image is kept from now on, since something that is pushed
   * refers to it.
   */
  async keep(repository: string, kind: 'blobs' | 'manifests', digest: Digest): Promise<boolean> {
    await this.#images();
    const descriptor = await this.#whole(this.#facts.get({ repository, kind }, digest));
    if (descriptor === undefined) return false;
    const isKept = this.#parts.facts.get({ repository, kind }, digest) !== undefined;
    if (!isKept) await this.#parts.facts.put({ repository, kind }, descriptor);
    return true;
  }

  async addBlob(repository: string, descriptor: Descriptor): Promise<void> {
    await this.#facts.put({ repository, kind: 'blobs' }, descriptor);
  }

  async addManifest(repository: string, kept: KeptManifest): Promise<void> {
    await addManifest(this.#facts, repository, kept);
  }

  async addTag(image: NamedImage & { readonly tag: string }): Promise<void> {
    await this.#parts.tags.put(image);
  }

  /** Whether there was one. */
  async removeTag(repository: string, tag: string): Promise<boolean> {
    return this.#parts.tags.remove(repository, tag);
  }

  async removeBlob(repository: string, digest: Digest): Promise<boolean> {
    return this.#facts.remove({ repository, kind: 'blobs' }, digest);
  }

  /** The manifest, every tag that names it, and its place among the referrers of `subject`. */
  async removeManifest(repository: string, { descriptor, subject }: KeptManifest): Promise<void> {
    const { digest } = descriptor;
    for (const { tag, ...image } of await this.#images()) {
      const isMeant = image.repository === repository && image.root.digest === digest;
      if (isMeant && tag !== undefined) await this.removeTag(repository, tag);
    }
    if (subject !== undefined) await this.#facts.remove({ repository, kind: 'referrers', subject }, digest);
    await this.#facts.remove({ repository, kind: 'manifests' }, digest);
  }

  async #whole(descriptor: Descriptor | undefined): Promise<Descriptor | undefined> {
    if (descriptor === undefined) return undefined;
    return (await this.#parts.blobs.size(descriptor.digest)) === descriptor.size ? descriptor : undefined;
  }

  async #images(): Promise<readonly NamedImage[]> {
    const images = await this.#parts.tags.all();
    if (images !== this.#seen) for (const image of images) await this.#walkOnce(image);
    this.#seen = images;
    return images;
  }

  async #walkOnce({ repository, root }: NamedImage): Promise<void> {
    const key = `${repository}@${root.digest}`;
    if (this.#walked.has(key)) return;
    await this.#walk(repository, root);
    this.#walked.add(key);
  }

  async #walk(repository: string, root: Descriptor): Promise<void> {
    try {
      await addContent(this.#found, repository, await findContent(this.#parts.blobs, root));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { message } = diagnosticOf(error);
      this.#parts.onWarning({
        code: 'serve/image-left-out',
        severity: 'warning',
        message: `${repository}@${root.digest} is not served: ${message}`,
        ...(error.help === undefined ? {} : { help: error.help }),
      });
    }
  }
}

async function addContent(facts: Facts, repository: string, content: Content): Promise<void> {
  for (const blob of content.blobs) await facts.put({ repository, kind: 'blobs' }, blob);
  for (const kept of content.manifests) await addManifest(facts, repository, kept);
}

async function addManifest(facts: Facts, repository: string, kept: KeptManifest): Promise<void> {
  const { descriptor, subject } = kept;
  if (subject !== undefined) await facts.put({ repository, kind: 'referrers', subject }, descriptor);
  await facts.put({ repository, kind: 'manifests' }, descriptor);
}
