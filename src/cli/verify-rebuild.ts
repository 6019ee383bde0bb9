/** `verify --rebuild REF`: the image that is named beside the one that the recipe gives now. */
import { type Difference, formatDifference } from '../core/compare/difference.ts';
import { Bug } from '../core/diagnostic/bug.ts';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import type { Digest } from '../core/digest/digest.ts';
import { openStored } from '../io/transport/stored.ts';
import { imageDifferences } from '../io/verify/image-differences.ts';
import { isMadeByUs } from '../io/verify/made-by-us.ts';
import { VerifyError } from '../io/verify/verify-error.ts';
import { cureOf } from './difference-cure.ts';
import { type DifferenceReport, fieldsText, reportDifferences } from './difference-report.ts';
import type { ImagePart } from './located-image.ts';
import { executeAgain, planAgain, planOfOne, type RebuildCall, withThrowaway } from './rebuild-image.ts';
import type { Checked } from './checked.ts';

const names = { rebuilt: 'the rebuild', given: 'the image' };

/** `reference` is how the caller named it. */
export interface NamedPart extends ImagePart {
  readonly reference: string;
}

/** Every difference is looked at of an image that somebody else made: they are why it cannot be built again. */
export async function verifyRebuild(given: NamedPart, call: RebuildCall): Promise<Checked> {
  const { session } = call;
  return withThrowaway(session, async (throwaway) => {
    const again = await planAgain(call, throwaway);
    const plan = await planOfOne(again, given.source.references, { session, throwaway });
    const [image] = await executeAgain(plan, call, throwaway);
    if (image === undefined) throw new Bug('a plan of one image made none');
    const source = await openStored(image.root.digest, throwaway.store.blobs);
    const reach = (await isMadeByUs(given)) ? 'first' : 'all';
    const differences = imageDifferences({ rebuilt: { source, root: source.root }, given }, session.signal);
    return outcomeOf(await reportDifferences(differences, reach), { given, digest: image.root.digest });
  });
}

function outcomeOf(
  report: DifferenceReport | undefined,
  { given, digest }: { readonly given: NamedPart; readonly digest: Digest },
): Checked {
  if (report === undefined) {
    return { lines: [`rebuilt  the same: ${digest}`], json: { rebuild: { digest, same: true } } };
  }
  const { first, fields } = report;
  return {
    lines: fields === undefined ? [] : [fieldsText(fields, names)],
    json: { rebuild: { digest, same: false, ...report } },
    failure: rebuildDiffers(first, given),
  };
}

export function rebuildDiffers(first: Difference, { reference }: Pick<NamedPart, 'reference'>): VerifyError {
  const sides = `left of ≠ is the rebuild, right of it ${escapeText(reference)}`;
  const cure = cureOf(first);
  return new VerifyError('verify/rebuild-differs', formatDifference(first, names), {
    help: cure === undefined ? sides : `${sides}; ${cure}`,
  });
}
