/** `layerwright report`: builds an image and shows it as one page, beside the image that was built before. */
import { resolve } from 'node:path';
import type { ImageSide } from '../../core/compare/image-side.ts';
import { duplicatePackages } from '../../core/compare/package-duplicates.ts';
import { reportOf, type ReportRequest } from '../../core/compare/report-of.ts';
import { filesWithoutPackage } from '../../core/compare/report-packages.ts';
import type { Report } from '../../core/compare/report.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { imagePackages } from '../../io/execute/image-packages.ts';
import { reportPage } from '../../io/render/report/page.ts';
import { createContentOpener } from '../../io/source/open-content.ts';
import { buildForReport, type ReportBuild } from '../build-for-report.ts';
import type { Invocation } from '../command-spec.ts';
import { copiedOutput } from '../copied-output.ts';
import type { CommonOptions, LockOptions, RecipeOptions, RegistryOptions } from '../options.ts';
import { previousImage } from '../previous-image.ts';
import { requireReportPlace, writeReport } from '../report-file.ts';
import { type Session, withSession } from '../session.ts';
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
    const packages = await readPackages(built.side, previous, session);
    const report = makeReport({ built, previous, packages }, options);
    writeReport(session.folder, output, reportPage(report));
    const copied = copiedOutput(resolve(session.folder, output), built.planned);
    if (copied !== undefined) session.show(copied);
    surroundings.stdout.write(options.json === true ? jsonText(output, report) : `${escapeText(output)}\n`);
    return exitCodes.done;
  });
}

async function readPackages(
  image: ImageSide,
  previous: ImageSide | undefined,
  { folder, store }: Session,
): Promise<ReportRequest['packages']> {
  const contents = createContentOpener({ contextFolder: folder, blobs: store.blobs });
  try {
    return {
      image: await imagePackages(image, store, contents),
      previous: previous && (await imagePackages(previous, store, contents)),
    };
  } finally {
    await contents.close();
  }
}

interface Shown {
  readonly built: ReportBuild;
  readonly previous: ImageSide | undefined;
  readonly packages: ReportRequest['packages'];
}

function makeReport(
  { built: { side, planned, sources, timeline }, previous, packages }: Shown,
  options: Pick<ReportOptions, 'timeline'>,
): Report {
  return reportOf({
    writer: packageVersion(),
    image: side,
    ...(previous === undefined ? {} : { previous }),
    recipe: planned.recipe,
    sources,
    packages,
    ...(options.timeline ? { timeline } : {}),
  });
}

function jsonText(file: string, { image, previous, pullBytes, layers, files, packages }: Report): string {
  const told = packages.map((one) => ({
    ...one,
    layers: one.layers.map((layer) => layers[layer]?.label),
  }));
  const without = filesWithoutPackage(files);
  const duplicates = duplicatePackages(packages);
  const document = { file, image, previous, pullBytes, packages: told, withoutPackage: without, duplicates };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
