/** What the readers of sources share while a snapshot is taken. */
import type { Emit } from '../../core/event/build-event.ts';
import type { LockDocument } from '../../core/recipe/lock/lock.ts';
import type { Store } from '../store/store.ts';
import type { Download } from '../download/download-request.ts';
import type { ReadableReference } from '../transport/open-image.ts';
import type { ImageSource } from '../transport/transport.ts';
import type { FileDigester } from './digest-file.ts';
import type { FolderGate } from './folder-gate.ts';
import type { Machine } from './machine.ts';
import type { OnRead } from './read-place.ts';
import type { StatIndex } from './stat-index.ts';

/** Opens an image where it is; throws a Failure of its transport. The reader closes it. */
export type OpenImage = (reference: ReadableReference) => Promise<ImageSource>;

export interface Reading {
  /** The context: absolute and real. */
  readonly context: string;
  readonly gate: FolderGate;
  readonly digester: FileDigester;
  readonly statIndex: StatIndex;
  /** Milliseconds since 1970, which decides only whether a file's time is trusted. */
  readonly now: () => number;
  /** How many threads may read sources at the same time; 1 starts none. */
  readonly threads: number;
  readonly store: Store;
  readonly openImage: OpenImage;
  /** Brings what the web has into the store, verified. */
  readonly download: Download;
  readonly machine: Machine;
  /** Told what is fetched; nobody is, if absent. */
  readonly emit?: Emit;
  /** What pins the images, files and packages that are read; undefined where nothing does. */
  readonly lock: LockDocument | undefined;
  readonly onRead: OnRead;
  readonly signal: AbortSignal;
  /** The order in which names are visited; it must not matter, and tests shuffle it. */
  readonly shuffle: ((names: string[]) => string[]) | undefined;
}

/** Lets timers and signals through in long synchronous work, a few times a second; throws when it was aborted. */
export function createBreather(signal: AbortSignal): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    const now = performance.now();
    if (now - last < breathMs) return undefined;
    last = now;
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        if (signal.aborted) reject(signal.reason as Error);
        else resolve();
      });
    });
  };
}

const breathMs = 50;
