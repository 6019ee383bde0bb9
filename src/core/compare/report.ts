/**
 * What the report shows, as one plain value: an image beside the one before it, the recipe that made it, and how its
 * build went. It is made by report-of.ts, embedded in the page as JSON and read there by io/render/report/client.
 */
import type { Timeline } from '../event/timeline.ts';
import type { Digest } from '../digest/digest.ts';
import type { NodeEntry } from '../tree/file-tree.ts';
import type { ImagePath } from '../tree/image-path.ts';
import type { ImagePackage } from './image-packages.ts';

export interface Report {
  readonly reportVersion: 1;
  /** The version of layerwright that wrote it. */
  readonly writer: string;
  readonly image: ReportImage;
  /** What the image is compared with; absent where there is nothing to compare with. */
  readonly previous?: ReportImage;
  /** Bytes that a host holding the previous image must pull; all of the image where there is none. */
  readonly pullBytes: number;
  readonly recipe: { readonly file: string; readonly text: string };
  /** Lowest first. */
  readonly layers: readonly ReportLayer[];
  /** In the order of their paths' bytes; a path that several layers have stands once for each, lowest first. */
  readonly files: readonly ReportFile[];
  /** npm's and Debian's, those with the most bytes first. */
  readonly packages: readonly ReportPackage[];
  readonly fields: readonly ReportField[];
  readonly timeline?: Timeline;
}

export interface ReportImage {
  readonly name: string;
  readonly digest: Digest;
  readonly platform: string;
  /** Bytes that a registry holds for it: manifest, config and layers as stored. */
  readonly size: number;
}

export interface ReportLayer {
  readonly label: string;
  readonly digest: Digest;
  /** Bytes as stored. */
  readonly size: number;
  readonly change: 'same' | 'added';
  /** What of the recipe made it; absent where no place of it is known. */
  readonly lines?: RecipeLines;
}

/** From 1; both the same for a single line. */
export type RecipeLines = readonly [first: number, last: number];

export type Change = 'added' | 'changed' | 'removed' | 'same';

/** In the order in which they are shown. */
export const changes: readonly Change[] = ['added', 'changed', 'removed', 'same'];

export interface ReportFile {
  readonly path: ImagePath;
  readonly type: NodeEntry['type'];
  /** Bytes of its content; 0 for what has none. */
  readonly size: number;
  readonly change: Change;
  /** What differs from before, for what has changed: `content`, `mode`. */
  readonly aspects?: readonly string[];
  /** Its layer's position in `layers`; absent for what only the previous image has. */
  readonly layer?: number;
  /** The layer that replaces or removes it again. */
  readonly hiddenBy?: number;
  readonly mode: number;
  readonly owner: string;
  /** What a link leads to. */
  readonly target?: string;
  /** Its package's position in `packages`; absent for what belongs to none, and for what a layer hides. */
  readonly package?: number;
  /** Where its content is in the build's context. */
  readonly source?: string;
  /** Lines of the recipe, where they are fewer than the layer's: an item of a group. */
  readonly lines?: RecipeLines;
}

/** A package where it stands: npm may lay one down in several places. */
export interface ReportPackage extends Pick<ImagePackage, 'kind' | 'name' | 'version' | 'place'> {
  /** `changed` where the version is another, or a file of it is. */
  readonly change: Change;
  /** The version before, where it was another. */
  readonly before?: string;
  /** Bytes of its files, and how many there are; of what the previous image had where it is removed. */
  readonly size: number;
  readonly files: number;
  /** Positions in `layers` of those that hold its files, lowest first; none where it is removed. */
  readonly layers: readonly number[];
}

/** One value of the image's config, manifest annotations included, as text. */
export interface ReportField {
  /** `env PATH`, `cmd`, `label org.opencontainers.image.title`. */
  readonly name: string;
  readonly change: Change;
  readonly before?: string;
  readonly now?: string;
}
