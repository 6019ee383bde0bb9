/** Says that something is fetched while there is no plan yet: once a server is asked, and how far it is. */
import type { Emit } from '../../core/event/build-event.ts';
import type { Download } from '../download/download-request.ts';

export interface Saying {
  readonly download: Download;
  /** Without it nothing is said. */
  readonly emit?: Emit;
  /** Whether work that tells its problems instead of throwing has failed. */
  readonly hasFailed?: () => boolean;
}

/** `label` as the layer's action has it; `what` for people: `67 packages`. */
export interface SaidDownload {
  readonly label: string;
  readonly what: string;
}

export function countedPackages(count: number): string {
  return count === 1 ? '1 package' : `${String(count)} packages`;
}

/** Runs `work` with a download that is heard of. What asks for nothing says nothing. */
export async function sayDownload<T>(
  said: SaidDownload,
  { download, emit = () => undefined, hasFailed = () => false }: Saying,
  work: (download: Download) => Promise<T>,
): Promise<T> {
  let isBegun = false;
  let done = 0;
  let toldAt = 0;
  const begin = (): void => {
    if (!isBegun) emit({ type: 'download-started', ...said });
    isBegun = true;
  };
  const tell = (): void => {
    const now = performance.now();
    if (now - toldAt < tellEvery) return;
    toldAt = now;
    emit({ type: 'download-progress', label: said.label, done });
  };
  const heard: Download = (request, blobs) => {
    let had = 0;
    const onBytes = (bytes: number): void => {
      begin();
      done += bytes - had;
      had = bytes;
      tell();
    };
    return download({ ...request, onBytes }, blobs);
  };
  const end = (outcome: 'fetched' | 'failed'): void => {
    if (isBegun) emit({ type: 'download-finished', ...said, outcome, bytes: done });
  };
  try {
    const result = await work(heard);
    end(hasFailed() ? 'failed' : 'fetched');
    return result;
  } catch (error) {
    end('failed');
    throw error;
  }
}

/** Milliseconds. */
const tellEvery = 100;
