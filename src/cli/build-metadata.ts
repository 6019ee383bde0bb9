/** What `--metadata-file` holds: the keys of `docker buildx build --metadata-file`, by image where there are several. */
import type { BuiltImage } from '../core/image/image.ts';

export function buildMetadata(images: readonly BuiltImage[]): unknown {
  const [only, ...more] = images;
  if (only !== undefined && more.length === 0) return metadataOf(only);
  return Object.fromEntries(images.map((image) => [image.name, metadataOf(image)]));
}

function metadataOf({ root, images, references }: BuiltImage): unknown {
  const [first, ...more] = images;
  return {
    ...(first !== undefined && more.length === 0
      ? { 'containerimage.config.digest': first.config.digest }
      : {}),
    'containerimage.descriptor': root,
    'containerimage.digest': root.digest,
    ...(references.length === 0 ? {} : { 'image.name': references.join(',') }),
  };
}
