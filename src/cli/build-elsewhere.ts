/**
 * The second build of `verify --twice`: processes of its own, in a copy of the recipe's folders, under circumstances that
 * must not matter. It uses the caller's store, so that no base is fetched again, and runs every action.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { canonicalJson } from '../core/digest/canonical-json.ts';
import type { SourceText } from '../core/diagnostic/source-text.ts';
import type { BuiltImage } from '../core/image/image.ts';
import type { PortablePlan } from '../core/plan/plan.ts';
import { copyElsewhere } from './copy-elsewhere.ts';
import { commonFolder, outermost } from './common-folder.ts';
import type { PlannedAgain, RebuildCall, RebuildOptions } from './rebuild-image.ts';
import { startAgain } from './start-again.ts';

export interface SecondBuild {
  readonly images: readonly Pick<BuiltImage, 'name' | 'root'>[];
  /** What was another than for the first build, as people read it. */
  readonly varied: readonly string[];
}

/** `folder` is the caller's to remove. Throws DiagnosticsError with what the build said, CommandError. */
export async function buildElsewhere(
  { request, planned }: PlannedAgain,
  call: RebuildCall,
  folder: string,
): Promise<SecondBuild> {
  const folders = [request.folder, planned.contextFolder];
  const from = commonFolder(folders);
  const copy = join(folder, 'another folder, ü');
  const placeOf = (path: string): string => join(copy, relative(from, path));
  mkdirSync(copy);
  for (const one of outermost(folders)) copyElsewhere(one, placeOf(one));
  const again = await startAgain(call);
  const file = join(folder, 'plan.json');
  await again.run(
    ['plan', '-C', placeOf(request.folder), '-f', '-', '--out', file, ...planFlags(call.options)],
    recipeText(request.source),
  );
  deliverNowhere(file);
  const place = ['-C', placeOf(planned.contextFolder)];
  const text = await again.run(['build', ...place, '--plan', file, '--no-cache', ...buildFlags(call)]);
  const { images } = JSON.parse(text) as Pick<SecondBuild, 'images'>;
  const files = 'files written in another order, with other times and modes';
  return { images, varied: ['another folder', files, ...again.varied] };
}

/** The recipe alone, where it is a member of package.json. */
function recipeText({ text, root }: SourceText): string {
  if (root === undefined) return text;
  const whole = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return JSON.stringify(whole[root.slice(1)]);
}

/** A plan delivers what it makes to the recipe's outputs, which are not to be touched. */
function deliverNowhere(file: string): void {
  const { plan, trees } = JSON.parse(readFileSync(file, 'utf8')) as PortablePlan;
  const images = plan.images.map((image) => ({ ...image, outputs: [] }));
  writeFileSync(file, canonicalJson({ plan: { ...plan, images }, trees }));
}

function planFlags(options: RebuildOptions): string[] {
  const { arg = [], platform = [], image } = options;
  return [
    ...(image === undefined ? [] : [image]),
    ...arg.flatMap((pair) => ['--arg', pair]),
    ...platform.flatMap((one) => ['--platform', one]),
    '--frozen-lockfile',
    ...registryFlags(options),
  ];
}

function buildFlags({ options, surroundings }: RebuildCall): string[] {
  const jobs = (options.jobs ?? surroundings.processors) > 1 ? 1 : 2;
  return ['--jobs', String(jobs), ...registryFlags(options)];
}

function registryFlags({ plainHttp = [], authRealm = [], ...options }: RebuildOptions): string[] {
  return [
    ...(options.authfile === undefined ? [] : ['--authfile', options.authfile]),
    ...plainHttp.flatMap((host) => ['--plain-http', host]),
    ...authRealm.flatMap((realm) => ['--auth-realm', realm]),
    ...(options.offline === true ? ['--offline'] : []),
  ];
}
