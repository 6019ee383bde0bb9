/**
 * What a repository holds, as small facts under paths: which blobs were pushed or mounted there, which manifests, and
 * which of those refer to which subject. Every fact is a descriptor. test/suites/facts-suite.ts is the one conformance
 * suite; every implementation runs it.
 */
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';

/** A group of facts: a repository's blobs, its manifests, or what refers to one digest. */
export type FactGroup =
  | { readonly repository: string; readonly kind: 'blobs' | 'manifests' }
  | { readonly repository: string; readonly kind: 'referrers'; readonly subject: Digest };

export interface Facts {
  /** Names of repositories that hold or held anything, in byte order. */
  repositories(): readonly string[];
  get(group: FactGroup, digest: Digest): Descriptor | undefined;
  /** In byte order of digests. */
  list(group: FactGroup): readonly Descriptor[];
  /** Under the descriptor's own digest; what stands there is replaced. Durable once it has resolved. */
  put(group: FactGroup, descriptor: Descriptor): Promise<void>;
  /** Whether there was anything to remove. */
  remove(group: FactGroup, digest: Digest): Promise<boolean>;
}
