/**
 * Where images are read from and delivered to, one file each. A source reads what a reference names; a destination
 * takes an image that stands whole in a store. Digests never change on the way.
 */
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { BlobFacts, BlobReader, BlobStore } from '../store/store.ts';
import type { Emit } from '../../core/event/build-event.ts';
import type { Digest } from '../../core/digest/digest.ts';

/** An image somewhere, opened for reading. Descriptors given to it must be its own. */
export interface ImageSource {
  /** What the reference names: a manifest or an index. */
  readonly root: Descriptor;
  /** The reference pinned to `root` where the transport can be pinned, as a user would write it. */
  readonly pinned: string;
  /** Full references that the image has there, `registry/repository:tag`: what a transport that records names may record. */
  readonly references: readonly string[];
  /** Bytes of a manifest, index or config: verified, at most 4 MiB. */
  readDocument(descriptor: Descriptor): Promise<Uint8Array>;
  /** Bytes of a layer, verified by whoever stores them (size and digest are in the descriptor). */
  openBlob(descriptor: Descriptor): AsyncIterable<Uint8Array>;
  /** For a source on this computer, which can be read in place as often as is wanted: a layer, verified by the source. */
  readBlob?(descriptor: Descriptor): AsyncIterable<Uint8Array>;
  /** For a source that can fetch wrong bytes again: brings a layer into a store itself. */
  fetchBlob?(descriptor: Descriptor, blobs: BlobStore): Promise<BlobFacts>;
  /** What refers to a manifest there (distribution spec, Listing Referrers), for a source that can be asked. */
  listReferrers?(subject: Digest): Promise<readonly Descriptor[]>;
  close(): Promise<void>;
}

/** One image to deliver: everything below `root` is in `blobs`. */
export interface Delivery {
  readonly root: Descriptor;
  /** Full references, `registry/repository:tag`, for transports that record names; may be empty. */
  readonly references: readonly string[];
  readonly blobs: BlobReader;
}

export interface Receipt {
  /** As a user would write it, e.g. `oci:out/app`. */
  readonly destination: string;
  readonly digest: Digest;
  /** Blobs written or uploaded, blobs that were there already, and bytes written or uploaded. */
  readonly moved: number;
  readonly present: number;
  readonly bytes: number;
}

export interface TransportContext {
  /** Transports emit `delivery-progress`; whoever calls them says that a delivery starts and has finished. */
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** The folder of this computer that relative paths of destinations start from; else that of the process. */
  readonly folder?: string;
}

/** What each transport exports for its own kind of destination. Digests of the image stay what they are. */
export type Deliver<Destination> = (
  delivery: Delivery,
  destination: Destination,
  context: TransportContext,
) => Promise<Receipt>;
