/**
 * The names of images as they are written everywhere (command-line.md, Transports). `parseTransportReference` stands
 * here; what a registry reference is stands in core/oci/reference.ts.
 */
import type { Digest } from '../digest/digest.ts';

export type TransportReference =
  /** `REGISTRY/REPO:TAG@DIGEST` or `docker://…`, normalised: domain and repository as docker reads them. */
  | {
      readonly transport: 'registry';
      readonly registry: string;
      readonly repository: string;
      readonly tag?: string;
      readonly digest?: Digest;
    }
  | { readonly transport: 'oci'; readonly path: string; readonly tag?: string }
  | { readonly transport: 'oci-archive'; readonly path: string; readonly tag?: string }
  | { readonly transport: 'docker-archive'; readonly path: string; readonly reference?: string }
  | { readonly transport: 'store'; readonly digest: Digest }
  | { readonly transport: 'bundle'; readonly path: string }
  | { readonly transport: 'rootfs'; readonly path: string };

/** What `from:` may name. */
export type BaseReference =
  | { readonly transport: 'scratch' }
  | { readonly transport: 'image'; readonly name: string }
  | Exclude<TransportReference, { transport: 'bundle' | 'rootfs' }>;
