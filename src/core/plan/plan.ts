/**
 * A plan: every action with its key, before anything has run. Plain JSON, the same bytes on any machine.
 * Only `key` decides; `label` is for people, `cause` points into the recipe.
 */
import type { Digest } from '../digest/digest.ts';
import type { ImageParts } from '../image/assemble-image.ts';
import type { Layer } from '../image/image.ts';
import type { Annotations, Descriptor } from '../oci/descriptor.ts';
import type { ImageFormat } from '../oci/docker-compat.ts';
import type { Platform } from '../oci/platform.ts';
import type { BaseReference } from '../recipe/transport-reference.ts';
import type { Compression, RuntimeRecipe } from '../recipe/recipe.ts';
import type { RecipePath } from '../diagnostic/source-text.ts';
import type { Contents, FileTree, Timestamp, TreeEntry } from '../tree/file-tree.ts';
import type { ImagePath } from '../tree/image-path.ts';

export type CacheKey = Digest;

interface ActionCommon {
  readonly label: string;
  readonly key: CacheKey;
  readonly cause: RecipePath;
}

/** Brings a base image's manifest, config and layers into the store. */
export interface FetchAction extends ActionCommon {
  readonly kind: 'fetch';
  readonly location: BaseReference;
  readonly platform: Platform;
  readonly manifest: Descriptor;
}

/** One placement of a source tree in a layer: where it goes and what its rules override. */
export interface Placement {
  /** Digest of the source tree as read. */
  readonly tree: Digest;
  /** Where each folder of the source comes to stand; the source's root comes to `to`. */
  readonly to: ImagePath;
  /** The name of the one file, for a source that is a single file. */
  readonly rename?: ImagePath;
  /** Folders of the source that come to stand elsewhere, since the image has a link in their place. */
  readonly redirects?: Readonly<Record<ImagePath, ImagePath>>;
  readonly rules: MetadataRules;
}

export interface MetadataRules {
  readonly owner?: { readonly uid: number; readonly gid: number };
  readonly mode?: number;
  readonly dirMode?: number;
  readonly mtime?: Timestamp;
  readonly xattrs?: Readonly<Record<string, string>>;
}

/** What `dedupe: base` leaves out of a layer, since the image below shows the same. */
export interface LeftOut {
  /** Sorted by path bytes. */
  readonly paths: readonly ImagePath[];
  /** How many of them are files, and what these hold together. */
  readonly files: number;
  readonly bytes: number;
}

/** Makes one layer: placements and entries of the recipe's own, laid out by layOut (core/plan/lay-out.ts). */
export interface LayerAction extends ActionCommon {
  readonly kind: 'layer';
  readonly placements: readonly Placement[];
  /** Folders above, files with content in the recipe, links, whiteouts. */
  readonly entries: readonly TreeEntry[];
  readonly compression: Compression;
  readonly leftOut?: LeftOut;
}

export type LayerInput =
  { readonly from: 'base'; readonly layer: Layer } | { readonly from: 'action'; readonly key: CacheKey };

export interface ImageAction extends ActionCommon, Omit<ImageParts, 'layers'> {
  readonly kind: 'image';
  readonly layers: readonly LayerInput[];
  /** The keys of the fetch actions whose blobs this image needs. */
  readonly needs: readonly CacheKey[];
}

export interface IndexAction extends ActionCommon {
  readonly kind: 'index';
  readonly images: readonly { readonly key: CacheKey; readonly platform: Platform }[];
  readonly format: ImageFormat;
  readonly annotations: Annotations;
}

export type Action = FetchAction | LayerAction | ImageAction | IndexAction;

/** One image of the recipe: which action makes it, what it is called, where it goes. */
export interface PlannedImage {
  readonly name: string;
  /** `registry/repository:tag`, each tag of it; empty where the recipe names no image. */
  readonly references: readonly string[];
  /** The key of its image action, or of its index action where it has several platforms. */
  readonly key: CacheKey;
  readonly platforms: readonly { readonly platform: Platform; readonly key: CacheKey }[];
  readonly outputs: readonly PlannedOutput[];
  readonly runtime: RuntimeRecipe;
}

export interface PlannedOutput {
  readonly destination: string;
  /** Where an output names the platform, the one that goes there; absent for the whole image. */
  readonly platform?: Platform;
  readonly cause: RecipePath;
}

export interface PlanSettings {
  /** The version of our layer bytes: tar rules, encoder and block geometry together. */
  readonly layerFormat: number;
  /** UTC seconds: SOURCE_DATE_EPOCH or 0. */
  readonly epoch: number;
}

export interface Plan {
  readonly planVersion: 1;
  readonly settings: PlanSettings;
  /** In an order in which each action stands after those it needs; a key stands once. */
  readonly actions: readonly Action[];
  readonly images: readonly PlannedImage[];
}

/** The trees a plan names, by digest, with where their contents are: what `--out` carries beside the plan. */
export type PlanTrees = Readonly<Record<Digest, { readonly tree: FileTree; readonly contents: Contents }>>;

/** A plan with all it needs to be executed elsewhere, beside the same context. */
export interface PortablePlan {
  readonly plan: Plan;
  readonly trees: PlanTrees;
}
