/** `--load`: images into docker or podman, each for the one platform that this computer runs. */
import { load } from '../deliver.ts';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import type { BuiltImage, Image } from '../core/image/image.ts';
import { choosePlatform } from '../core/oci/match-platform.ts';
import { formatPlatform } from '../core/oci/platform.ts';
import type { Receipt } from '../io/transport/transport.ts';
import type { Engine } from '../io/transport/engine.ts';
import { CommandError } from './command-error.ts';
import { hostPlatform } from './host-platform.ts';
import type { LocatedImage } from './located-image.ts';
import type { Session } from './session.ts';

/** Throws `command/no-such-platform` where the image has several platforms and none that runs here. */
export async function loadImage(
  { image, blobs }: LocatedImage,
  engine: Engine,
  session: Session,
): Promise<Receipt> {
  const { emit, signal } = session;
  return load(runnable(image), engine, { blobs, emit, signal });
}

function runnable(built: BuiltImage): BuiltImage {
  const [only, second] = built.images;
  const image = second === undefined ? only : choosePlatform(built.images, hostPlatform());
  if (image === undefined) throw nothingRuns(built);
  return { ...built, root: image.manifest, images: [image] };
}

function nothingRuns({ name, images }: BuiltImage): CommandError {
  const has = images.map(({ platform }: Image) => formatPlatform(platform)).join(', ');
  const message = `\`${escapeText(name)}\` has no ${formatPlatform(hostPlatform())} to load here`;
  return new CommandError('command/no-such-platform', message, {
    help: has === '' ? 'only container images can be loaded' : `it has ${has}`,
  });
}
