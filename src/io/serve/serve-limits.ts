/** What a client may ask of a server; docs/security.md lists them. */
import { maxDocumentBytes } from '../../core/oci/strict-json.ts';

export interface ServeLimits {
  /** Bytes of one manifest or index (distribution-spec, Pushing Manifests: at least 4 MiB). */
  readonly manifestBytes: number;
  /** Bytes of one blob. */
  readonly blobBytes: number;
  /** Uploads under way at once. */
  readonly openUploads: number;
  /** Milliseconds after which an upload that nobody writes to is forgotten, when the next one begins. */
  readonly idleUpload: number;
  /** Milliseconds without a byte after which a connection is broken off. */
  readonly idleConnection: number;
}

export const serveLimits: ServeLimits = {
  manifestBytes: maxDocumentBytes,
  blobBytes: 64 * 1024 ** 3,
  openUploads: 256,
  idleUpload: 60 * 60 * 1000,
  idleConnection: 2 * 60 * 1000,
};
