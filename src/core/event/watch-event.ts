/** What happens around the builds of a watch, said as values; what a build itself does are BuildEvents. */
import type { Digest } from '../digest/digest.ts';

export type WatchEvent =
  | {
      readonly type: 'watching';
      /** Folders in which a change is noticed. */
      readonly folders: number;
      /** Whether somebody can press keys. */
      readonly keys: boolean;
    }
  /** The images can be pulled under these names. */
  | { readonly type: 'serving'; readonly references: readonly string[] }
  /** Something has changed; builds follow until `rebuild-finished`. */
  | { readonly type: 'rebuild-started' }
  /** One build of the watch, for programs: an outdated one is given up, and another follows. */
  | { readonly type: 'build-began' }
  | { readonly type: 'build-ended'; readonly outdated: boolean }
  | RebuildFinished
  /** What the last build has that the one before had not, as people read it. */
  | { readonly type: 'explained'; readonly text: string };

export interface RebuildFinished {
  readonly type: 'rebuild-finished';
  /** `failed-again` in the same way as before. What failed left the last good images as they were. */
  readonly outcome: 'rebuilt' | 'unchanged' | 'failed' | 'failed-again';
  /** Layers that changed, or images where no layer did; empty unless it was rebuilt. */
  readonly causes: readonly ActionReason[];
  /** Images that are new; where it failed, the last good ones. */
  readonly images: readonly RebuiltImage[];
  /** Whether somebody asked for it, and waits for an answer. */
  readonly cause: 'asked' | 'change';
}

export interface ActionReason {
  readonly label: string;
  readonly reason: string;
}

export interface RebuiltImage {
  readonly name: string;
  readonly digest: Digest;
  /** Of the image that it takes the place of. */
  readonly before?: Digest;
}
