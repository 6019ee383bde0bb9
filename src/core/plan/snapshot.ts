/**
 * The facts a planner may use: every outside thing a recipe names, read once. Keys of the records are the canonical
 * JSON of the request, so that the reader and the planner ask in the same words.
 */
import type { Layer } from '../image/image.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import type { Annotations, Descriptor } from '../oci/descriptor.ts';
import type { Platform } from '../oci/platform.ts';
import type { Digest } from '../digest/digest.ts';
import { canonicalJson } from '../digest/canonical-json.ts';
import type { AccountTexts } from '../tree/account-texts.ts';
import type { Contents, DirectoryEntry, FileTree, SymlinkEntry } from '../tree/file-tree.ts';
import type { AskedPackages } from '../recipe/lock/wanted-packages.ts';
import type { DebLayer, NpmLayer } from '../recipe/recipe.ts';
import type { BaseReference } from '../recipe/transport-reference.ts';

export type SourceRequest =
  | {
      readonly kind: 'copy';
      readonly source: string;
      readonly include: readonly string[];
      readonly exclude: readonly string[];
      readonly ignore: boolean;
      readonly allowSecrets: readonly string[];
    }
  | { readonly kind: 'fetch'; readonly source: string; readonly sha256?: string }
  | {
      readonly kind: 'archive';
      readonly source: string;
      readonly strip: number;
      readonly include: readonly string[];
      readonly exclude: readonly string[];
      readonly sha256?: string;
    }
  | {
      readonly kind: 'image';
      readonly reference: string;
      readonly platform: Platform;
      readonly from: readonly string[];
      readonly include: readonly string[];
      readonly exclude: readonly string[];
    }
  | {
      readonly kind: 'npm';
      readonly source: string;
      readonly platform: Platform;
      readonly omit: NpmLayer['omit'];
      readonly libc: NpmLayer['libc'];
      readonly split?: number;
      readonly part?: number;
    }
  | DebRequest;

/** Debian packages for a platform. */
export interface DebRequest extends AskedPackages, Pick<DebLayer, 'kind' | 'effects'> {}

export type NpmRequest = SourceRequest & { readonly kind: 'npm' };

export interface BaseRequest {
  readonly reference: string;
  readonly platform: Platform;
}

export function requestKey(request: SourceRequest | BaseRequest): string {
  return canonicalJson(request);
}

/**
 * One source as it was when read. Paths are relative to the source: for a folder its contents, for a single file one
 * entry that bears its name (`single` is true). copy: modes are git's (0755 folders and executables, 0644 the rest),
 * owner 0:0, mtime 0; fetch: 0644, 0:0, mtime 0; archive and image keep their own metadata. Folders that the source itself does not name
 * (a tar without its parents) are not invented here. The entries of a large source may be made only when `tree` or
 * `contents` is asked for; what a planner can know by the digest, it does not ask the tree.
 */
export interface SourceTree extends AccountTexts {
  /** Digest of the canonical JSON of `tree`, made by io/ with node:crypto. */
  readonly digest: Digest;
  readonly tree: FileTree;
  readonly contents: Contents;
  readonly single: boolean;
}

/** A base image for one platform, its blobs not necessarily here. */
export interface BaseImage extends AccountTexts {
  /** How an executor fetches it again: pinned by digest where the transport can. */
  readonly location: BaseReference;
  /** The manifest as our store holds it (for a docker-archive base, one made for it). */
  readonly manifest: Descriptor;
  readonly annotations: Annotations;
  readonly config: ImageConfig;
  readonly layers: readonly Layer[];
  /** Folders and symlinks of the merged root file system, sorted by bytes; every layer's whiteouts applied. */
  readonly folders: readonly (DirectoryEntry | SymlinkEntry)[];
  /** All that the merged root file system holds, where a layer of a recipe says `dedupe`. */
  readonly files?: (() => FileTree) | undefined;
}

export interface Snapshot {
  readonly sources: Readonly<Record<string, SourceTree>>;
  readonly bases: Readonly<Record<string, BaseImage>>;
  /** UTC seconds of the commit, where a recipe says `created: commit`. */
  readonly commitTime?: number;
  /** The text of .dockerignore, where a source was read that honours it and the file is there. */
  readonly ignore?: string;
}
