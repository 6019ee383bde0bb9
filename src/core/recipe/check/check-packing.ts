/** Layers that an output cannot hold, found before anything is built. What a base holds is known only when it is written. */
import { quoteText } from '../../diagnostic/escape-text.ts';
import { pointerOf } from '../pointer-of.ts';
import type { ImageRecipe } from '../recipe.ts';
import { parseTransportReference } from '../transport-reference.ts';
import type { Check } from './check.ts';

/** `docker load` reads gzip and plain tar. */
export function checkPacking(check: Check, image: ImageRecipe): void {
  const packings = image.layers.map(({ compression }) => compression ?? image.compression);
  if (!packings.some(({ type }) => type === 'zstd')) return;
  if (image.format === 'docker') {
    check.report(pointerOf(image, 'format'), {
      code: 'recipe/zstd-for-docker',
      message: '`format: docker` has no layers that are compressed with zstd',
      help: 'compress them with gzip, or leave `format` out',
    });
  }
  image.outputs.forEach((output, index) => {
    const parsed = check.isKnown(output) ? parseTransportReference(output) : undefined;
    if (parsed?.ok !== true || parsed.value.transport !== 'docker-archive') return;
    check.report(pointerOf(image, 'outputs', index), {
      code: 'recipe/zstd-for-docker',
      message: `${quoteText(output)} cannot hold layers that are compressed with zstd`,
      help: 'compress them with gzip, or write an oci-archive, which podman and containerd load',
    });
  });
}
