/** `verify --twice`: the recipe built here, and again where everything that must not matter is another. */
import { type Difference, formatDifference, type Sides } from '../core/compare/difference.ts';
import { Bug } from '../core/diagnostic/bug.ts';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import type { BuiltImage } from '../core/image/image.ts';
import { openStored } from '../io/transport/stored.ts';
import { imageDifferences } from '../io/verify/image-differences.ts';
import type { ImageSide } from '../io/verify/image-side.ts';
import { VerifyError } from '../io/verify/verify-error.ts';
import { buildElsewhere } from './build-elsewhere.ts';
import type { Checked } from './checked.ts';
import { reportDifferences } from './difference-report.ts';
import { executeAgain, planAgain, type RebuildCall, withThrowaway } from './rebuild-image.ts';

const names = { rebuilt: 'the first build', given: 'the second' };

export function verifyTwice(call: RebuildCall): Promise<Checked> {
  const { session } = call;
  return withThrowaway(session, async (throwaway) => {
    const again = await planAgain(call, throwaway);
    const images = await executeAgain(again.planned, call, throwaway);
    const second = await buildElsewhere(again, call, throwaway.folder);
    const pairs = await Promise.all(
      images.map(async ({ name, root }) => ({
        rebuilt: await sideOf(root.digest, throwaway.store.blobs),
        given: await sideOf(namesake(second.images, name).root.digest, session.store.blobs),
        name,
      })),
    );
    return compare(pairs, second.varied, session.signal);
  });
}

function namesake(images: readonly Pick<BuiltImage, 'name' | 'root'>[], wanted: string) {
  const found = images.find(({ name }) => name === wanted);
  if (found === undefined) throw new Bug(`the second build made no image ${wanted}`);
  return found;
}

async function sideOf(...wanted: Parameters<typeof openStored>): Promise<ImageSide> {
  const source = await openStored(...wanted);
  return { source, root: source.root };
}

interface Pair extends Sides<ImageSide> {
  readonly name: string;
}

/** Stops at the first difference of the first image that has one. */
async function compare(
  pairs: readonly Pair[],
  varied: readonly string[],
  signal: AbortSignal,
): Promise<Checked> {
  const lines = [`varied   ${varied.join(', ')}`];
  for (const pair of pairs) {
    const report = await reportDifferences(imageDifferences(pair, signal), 'first');
    if (report === undefined) continue;
    const { name } = pair;
    const json = { twice: { varied, same: false, image: name, first: report.first } };
    return { lines, json, failure: buildsDiffer(name, report.first) };
  }
  const same = pairs.map(
    ({ name, given }) => `twice    ${escapeText(name)} is the same: ${given.root.digest}`,
  );
  const images = pairs.map(({ name, given }) => ({ name, digest: given.root.digest }));
  return { lines: [...lines, ...same], json: { twice: { varied, same: true, images } } };
}

export function buildsDiffer(name: string, first: Difference): VerifyError {
  return new VerifyError(
    'verify/builds-differ',
    `image \`${escapeText(name)}\`: ${formatDifference(first, names)}`,
    {
      help: 'left of ≠ is the build here, right of it the one elsewhere; please report this with the recipe',
    },
  );
}
