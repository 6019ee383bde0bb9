/** What is asked of a download, and with what. */
import type { RegistryClient } from '../registry/registry-client.ts';
import type { Route } from '../registry/registry-settings.ts';
import type { BlobFacts, BlobStore, ExpectedBlob } from '../store/store.ts';

export interface DownloadRequest {
  /** https; http for this computer and for hosts that may be asked plainly. */
  readonly url: string;
  /** What messages call it, escaped; the URL without secrets. */
  readonly subject: string;
  /** The most bytes that are taken. */
  readonly limit: number;
  readonly expected?: ExpectedBlob;
  /**
   * What makes plain http as good as https: a digest that is expected, or a signature that the caller will look at.
   */
  readonly proven?: 'by-digest' | 'later';
  /** Headers for the request's own origin; nobody else gets them, wherever redirects lead. */
  readonly headersFor?: (origin: string) => Readonly<Record<string, string>>;
  /** Where credentials come from, or why there are none, for whoever is refused. */
  readonly credentials?: string;
  /** What a user can do where the bytes are others than expected. */
  readonly cureIfDifferent?: string;
  /** How the host is reached, and those that it sends us on to; as all others, if absent. */
  readonly route?: Route;
  /** Told how many of its bytes are here: 0 before a server is asked, fewer than before where it begins anew. */
  readonly onBytes?: (bytes: number) => void;
}

export interface DownloadContext {
  readonly blobs: Pick<BlobStore, 'size' | 'createWriter'>;
  /** Whose settings and connections are used. */
  readonly registries: Pick<RegistryClient, 'settings' | 'openWire'>;
  readonly signal: AbortSignal;
}

/** Into the store, or into other blobs that are given. */
export type Download = (request: DownloadRequest, blobs?: DownloadContext['blobs']) => Promise<BlobFacts>;
