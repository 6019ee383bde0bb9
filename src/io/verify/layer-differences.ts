/** Two layers in one place of two images, lazily: what their tars say, and where these are equal how they are compressed. */
import type { Found, Sides } from '../../core/compare/difference.ts';
import { gzipHeaderBytes, gzipHeaderDifferences } from '../../core/compare/gzip-differences.ts';
import { tarDifferences } from '../../core/compare/tar-differences.ts';
import { compressionOfMediaType } from '../layer/compression.ts';
import { contentDifference } from './first-different-byte.ts';
import { type LayerAccess, outlineOf, startOf } from './layer-access.ts';
import { ourLevels } from './our-levels.ts';

export async function* layerDifferences(
  layers: Sides<LayerAccess>,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  const { rebuilt, given } = layers;
  if (rebuilt.descriptor.digest === given.descriptor.digest) return;
  if (rebuilt.diffId !== given.diffId) yield* contentDifferences(layers);
  const type = compressionOfMediaType(rebuilt.descriptor.mediaType);
  if (type === undefined || type !== compressionOfMediaType(given.descriptor.mediaType)) return;
  if (rebuilt.diffId === given.diffId && type !== 'none') yield await encoderDifference(layers, type, signal);
  if (type === 'gzip') yield* await headerDifferences(layers);
}

/** The byte is looked up of the first content that differs: each look reads both layers up to there. */
async function* contentDifferences(layers: Sides<LayerAccess>): AsyncGenerator<Found> {
  const outlines = { rebuilt: await outlineOf(layers.rebuilt), given: await outlineOf(layers.given) };
  let isFirst = true;
  for (const { content, ...found } of tarDifferences(outlines)) {
    if (content === undefined || !isFirst) {
      yield found;
      continue;
    }
    isFirst = false;
    yield await contentDifference(found.what, content, layers);
  }
}

async function headerDifferences({ rebuilt, given }: Sides<LayerAccess>): Promise<Iterable<Found>> {
  return gzipHeaderDifferences({
    rebuilt: await startOf(rebuilt.open(), gzipHeaderBytes),
    given: await startOf(given.open(), gzipHeaderBytes),
  });
}

const sameTar = 'same tar, other compressed bytes:';

async function encoderDifference(
  { rebuilt, given }: Sides<LayerAccess>,
  type: 'gzip' | 'zstd',
  signal: AbortSignal,
): Promise<Found> {
  const theirs = await ourLevels(given, type, signal);
  if (theirs.length === 0)
    return {
      field: 'encoder',
      what: `${sameTar} ${type} made by another encoder, or by ours at another layerFormat`,
    };
  const ours = await ourLevels(rebuilt, type, signal);
  return {
    field: 'compression level',
    what: `${sameTar} ${type} level`,
    rebuilt: ours.join(' or '),
    given: theirs.join(' or '),
  };
}
