/** `layerwright report`: builds an image and shows it as one page, beside the image that was built before. */
import { resolve } from 'node:path';
import type { ImageSide } from '../../core/compare/image-side.ts';
import { reportOf } from '../../core/compare/report-of.ts';
import type { Report } from '../../core/compare/report.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { reportPage } from '../../io/render/report/page.ts';
import { buildForReport, type ReportBuild } from '../build-for-report.ts';
import type { Invocation } from '../command-spec.ts';
import { copiedOutput } from '../copied-output.ts';
import type { CommonOptions, LockOptions, RecipeOptions, RegistryOptions } from '../options.ts';
import { previousImage } from '../previous-image.ts';
import { requireReportPlace, writeReport } from '../report-file.ts';
import { withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';
import { packageVersion } from '../version.ts';

interface ReportOptions
  extends Omit<RecipeOptions, 'cache' | 'output'>, LockOptions, CommonOptions, RegistryOptions {
  readonly output: string;
  /** A reference, or `none`; the image built before if absent. */
  readonly against?: string;
  /** False with --no-timeline. */
  readonly timeline: boolean;
}

export async function runReport(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const { output, ...options } = invocation.options as unknown as ReportOptions;
  const [name] = invocation.operands;
  return withSession({ options, surroundings, access: 'read-write' }, async (session) => {
    requireReportPlace(session.folder, output);
    const built = await buildForReport({ options, name }, session, surroundings);
    const previous = await previousImage(options.against, built, session);
    const report = makeReport(built, previous, options);
    writeReport(session.folder, output, reportPage(report));
    const copied = copiedOutput(resolve(session.folder, output), built.planned);
    if (copied !== undefined) session.show(copied);
    surroundings.stdout.write(options.json === true ? jsonText(output, report) : `${escapeText(output)}\n`);
    return exitCodes.done;
  });
}

function makeReport(
  { side, planned, sources, timeline }: ReportBuild,
  previous: ImageSide | undefined,
  options: Pick<ReportOptions, 'timeline'>,
): Report {
  return reportOf({
    writer: packageVersion(),
    image: side,
    ...(previous === undefined ? {} : { previous }),
    recipe: planned.recipe,
    sources,
    ...(options.timeline ? { timeline } : {}),
  });
}

function jsonText(file: string, { image, previous, pullBytes }: Report): string {
  return `${JSON.stringify({ file, image, previous, pullBytes }, undefined, 2)}\n`;
}
