/**
 * A recipe as the rest of the program sees it: every image with its defaults merged in, every value of its final type,
 * but for substitutions (`${{ … }}` stays in text until expandRecipe). `at` is the JSON Pointer of what it came from;
 * places are looked up by it and are never hashed.
 */
import type { Libc } from '../npm/npm-platform.ts';
import type { Omitted } from '../npm/package-closure.ts';
import type { ImageFormat } from '../oci/docker-compat.ts';
import type { Platform } from '../oci/platform.ts';
import type { RuntimeOptions } from '../oci/runtime-options.ts';
import type { Places, RecipePath, SourceText } from '../diagnostic/source-text.ts';
import type { Timestamp } from '../tree/file-tree.ts';

export interface Recipe {
  readonly source: SourceText;
  readonly places: Places;
  readonly args: Readonly<Record<string, ArgDeclaration>>;
  /** Folder of the context relative to the recipe's folder, or undefined for that folder itself. */
  readonly context: string | undefined;
  /** One for each entry of `images:` in the order of the text, else exactly one. */
  readonly images: readonly ImageRecipe[];
}

export interface ArgDeclaration {
  readonly default?: string;
  readonly env?: string;
  readonly description?: string;
}

/** When an image says that it was created: SOURCE_DATE_EPOCH or 0, the commit's time, or a fixed time (UTC seconds). */
export type Created = 'epoch' | 'commit' | { readonly seconds: number };

export interface ImageRecipe {
  /** The key under `images:`; without one, the last component of the reference's repository, else `image`. */
  readonly name: string;
  /** '' or `/images/NAME`. */
  readonly at: RecipePath;
  /**
   * The map in which each key of this image was written, '' (the top level, inherited) or `/images/NAME`; the key's own
   * pointer is that and `/KEY`. What stands in a map that was merged has an entry of its own, `env/PATH`.
   */
  readonly origins: Readonly<Record<string, RecipePath>>;
  /** `image:` as written. */
  readonly reference?: string;
  readonly tags: readonly string[];
  /** `from:` as written; `scratch` where absent. */
  readonly from: string;
  readonly platforms: readonly Platform[];
  readonly format: ImageFormat;
  readonly created: Created;
  readonly users: Readonly<Record<string, UserRecipe>>;
  readonly groups: Readonly<Record<string, GroupRecipe>>;
  readonly user?: string;
  readonly workdir?: string;
  readonly env: Readonly<Record<string, string>>;
  /** `8080`, `53/udp`. */
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly stopSignal?: string;
  readonly healthcheck?: HealthcheckRecipe;
  readonly compression: Compression;
  readonly layers: readonly LayerRecipe[];
  readonly outputs: readonly string[];
  readonly runtime: RuntimeRecipe;
}

/** An account that the image adds to its base's; what is left out is chosen by added-accounts.ts. */
export interface UserRecipe {
  readonly uid?: number;
  readonly gid?: number;
  /** The name of its own group. */
  readonly group?: string;
  /** Names of further groups. */
  readonly groups: readonly string[];
  readonly home?: string;
  readonly shell?: string;
  readonly comment?: string;
  readonly system: boolean;
}

export interface GroupRecipe {
  readonly gid?: number;
}

/** Times in nanoseconds. `disable` stands for test: [NONE]. */
export interface HealthcheckRecipe {
  readonly test?: readonly string[];
  readonly interval?: number;
  readonly timeout?: number;
  readonly startPeriod?: number;
  readonly startInterval?: number;
  readonly retries?: number;
}

/** Levels of gzip are 1 to 9, of zstd 1 to 19. */
export type Compression =
  { readonly type: 'gzip' | 'zstd'; readonly level: number } | { readonly type: 'none' };

export interface LayerCommon {
  readonly at: RecipePath;
  readonly name?: string;
  /** As written; a trailing slash matters for files. */
  readonly to?: string;
  /** `uid`, `uid:gid`, or names. */
  readonly owner?: string;
  readonly mode?: number;
  readonly dirMode?: number;
  readonly mtime?: 'epoch' | Timestamp;
  /** Values as base64. */
  readonly xattrs?: Readonly<Record<string, string>>;
  readonly platforms?: readonly Platform[];
  readonly compression?: Compression;
  /** Entries that the image below shows already, in the same words, are not added again. */
  readonly dedupe?: 'base';
}

export interface CopyLayer extends LayerCommon {
  readonly kind: 'copy';
  readonly source: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Whether .dockerignore is honoured (default true). */
  readonly ignore: boolean;
  readonly allowSecrets: readonly string[];
}
export interface FileLayer extends LayerCommon {
  readonly kind: 'file';
  readonly path: string;
  /** Text (UTF-8), or base64 where `encoding` says so. */
  readonly content: string;
  readonly encoding: 'text' | 'base64';
}
export interface DirLayer extends LayerCommon {
  readonly kind: 'dir';
  readonly path: string;
}
export interface LinkLayer extends LayerCommon {
  readonly kind: 'link';
  readonly path: string;
  readonly target: string;
  readonly hard: boolean;
}
export interface RemoveLayer extends LayerCommon {
  readonly kind: 'remove';
  readonly paths: readonly string[];
}
export interface FetchLayer extends LayerCommon {
  readonly kind: 'fetch';
  /** The URL. */
  readonly source: string;
  /** Hex of the file's sha256, where the recipe pins it. */
  readonly sha256?: string;
}
export interface ArchiveLayer extends LayerCommon {
  readonly kind: 'archive';
  /** A path of the context, or a URL. */
  readonly source: string;
  readonly strip: number;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Hex of the archive file's sha256, where the recipe pins it. */
  readonly sha256?: string;
}
export interface ImageLayer extends LayerCommon {
  readonly kind: 'image';
  readonly reference: string;
  readonly from: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}
/** Steps that stand in for maintainer scripts, which are never run. */
export const debEffects = ['sysusers', 'ldconfig', 'alternatives', 'ca-certificates'] as const;
export type DebEffect = (typeof debEffects)[number];

/** An archive of Debian packages, as `mirror` names it. */
export interface DebMirror {
  readonly url: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** A file of the context. */
  readonly keyring?: string;
}
export interface DebLayer extends LayerCommon {
  readonly kind: 'deb';
  /** `NAME` or `NAME=VERSION`. */
  readonly names: readonly string[];
  /** Empty for the only suite that the machine's own sources have. */
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Empty for the machine's own sources. */
  readonly mirrors: readonly DebMirror[];
  /** A file of the context, in place of the keyrings that the machine has for its own sources. */
  readonly keyring?: string;
  /** When the archive is to be taken from, as its snapshots are named: 20260101T000000Z. */
  readonly snapshot?: string;
  readonly recommends: boolean;
  readonly effects: readonly DebEffect[];
}
export interface NpmLayer extends LayerCommon {
  readonly kind: 'npm';
  /** The folder of package.json. */
  readonly source: string;
  readonly omit: readonly Omitted[];
  readonly libc: Libc;
  /** Over how many layers the packages are spread; one layer holds all where absent. */
  readonly split?: number;
  /**
   * Which of the layers of a split this is, from 0; `split` itself is the last, of the project's own files. A recipe
   * has none: expandRecipe makes a layer of each.
   */
  readonly part?: number;
}
export interface GroupLayer extends LayerCommon {
  readonly kind: 'group';
  readonly items: readonly SingleLayer[];
}

export type SingleLayer =
  | CopyLayer
  | FileLayer
  | DirLayer
  | LinkLayer
  | RemoveLayer
  | FetchLayer
  | ArchiveLayer
  | ImageLayer
  | NpmLayer
  | DebLayer;
export type LayerRecipe = SingleLayer | GroupLayer;

/** Shapes the bundle only, never an image's digest. */
export type RuntimeRecipe = RuntimeOptions;

/** An image for one platform, after expandRecipe: every substitution done but `${VAR}` in env, layers of this platform only. */
export interface Target {
  readonly image: ImageRecipe;
  readonly platform: Platform;
}
