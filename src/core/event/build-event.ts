/**
 * What happens in a build, said as values: a closed union of plain JSON without times (the json renderer stamps them).
 * `emit` is synchronous, returns nothing and never throws into the build.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Digest } from '../digest/digest.ts';

export type BuildEvent =
  /** `labels` of all actions, in the plan's order; two actions may have the same one. */
  | {
      readonly type: 'plan-made';
      readonly actions: number;
      readonly cached: number;
      readonly labels: readonly string[];
    }
  | {
      readonly type: 'action-started';
      readonly label: string;
      readonly kind: string;
      readonly reason: string;
    }
  /** Bytes so far; `total` where it is known. */
  | {
      readonly type: 'action-progress';
      readonly label: string;
      readonly done: number;
      readonly total?: number;
    }
  | {
      readonly type: 'action-finished';
      readonly label: string;
      readonly kind: string;
      readonly outcome: 'built' | 'cached';
      /** The remote cache that a cached result came from; absent where it was here. */
      readonly from?: string;
      readonly digest: Digest;
      /** Bytes of the result as stored. */
      readonly size: number;
      readonly reason: string;
    }
  | { readonly type: 'action-failed'; readonly label: string; readonly kind: string }
  | {
      readonly type: 'image-finished';
      readonly name: string;
      readonly platform?: string;
      readonly digest: Digest;
      /** Bytes of all layers, and of those that this build made. */
      readonly size: number;
      readonly newBytes: number;
    }
  /** Something that the recipe names is fetched before there can be a plan; `what` says it to people: `67 packages`. */
  | {
      readonly type: 'download-started';
      readonly label: string;
      readonly what: string;
    }
  /** Bytes so far. */
  | {
      readonly type: 'download-progress';
      readonly label: string;
      readonly done: number;
      readonly total?: number;
    }
  /** Bytes that came; of those that failed too. */
  | {
      readonly type: 'download-finished';
      readonly label: string;
      readonly what: string;
      readonly outcome: 'fetched' | 'failed';
      readonly bytes: number;
    }
  | { readonly type: 'delivery-started'; readonly destination: string }
  /** Bytes of the whole delivery so far, and of all of it where that is known; `item` where one has just arrived. */
  | {
      readonly type: 'delivery-progress';
      readonly destination: string;
      readonly item?: string;
      readonly done: number;
      readonly total?: number;
    }
  | {
      readonly type: 'delivery-finished';
      readonly destination: string;
      /** Absent where no image was delivered, but layers to a remote cache. */
      readonly digest?: Digest;
      /** Blobs that were written, those that were there already, and the bytes that were written. */
      readonly moved: number;
      readonly present: number;
      readonly bytes: number;
    }
  | { readonly type: 'diagnostic'; readonly diagnostic: Diagnostic };

export type Emit = (event: BuildEvent) => void;

/** An event with the moment a renderer saw it: milliseconds since the build began. */
export interface StampedEvent {
  readonly at: number;
  readonly event: BuildEvent;
}
