/** Sources that are not in the context: out of images, files and archives of the web, and packages. */
import type { DebRequest, SourceRequest, SourceTree } from '../../core/plan/snapshot.ts';
import { isUrl } from '../../core/recipe/value/web-address.ts';
import type { ArchiveRequest } from './archive-source.ts';
import { readDebSource } from './deb/deb-source.ts';
import type { FetchRequest } from './fetch-source.ts';
import type { ImageRequest } from './image-source.ts';
import type { Problems } from './problem-collector.ts';
import type { Reading } from './reading.ts';

export type RemoteRequest = ImageRequest | FetchRequest | ArchiveRequest | DebRequest;

export function isRemote(request: SourceRequest): request is RemoteRequest {
  if (request.kind === 'archive') return isUrl(request.source);
  return request.kind === 'image' || request.kind === 'fetch' || request.kind === 'deb';
}

/**
 * Throws Failures; DiagnosticsError with a line of the lock; warnings go to `problems`. What reads a kind is loaded when a
 * recipe has it, but for the little that tells that nothing has changed.
 */
export async function readRemote(
  reading: Reading,
  request: RemoteRequest,
  problems: Problems,
): Promise<SourceTree> {
  switch (request.kind) {
    case 'image': {
      const { readFromImage } = await import('./read-outside.ts');
      return readFromImage(reading, request);
    }
    case 'fetch': {
      const { readFetchSource } = await import('./fetch-source.ts');
      return readFetchSource(reading, request);
    }
    case 'archive': {
      const { readFetchedArchive } = await import('./archive-source.ts');
      return readFetchedArchive(reading, request);
    }
    case 'deb':
      return readDebSource(reading, request, problems);
  }
}
