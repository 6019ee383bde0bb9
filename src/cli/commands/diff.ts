/** `layerwright diff`: two images side by side, wherever they stand or before they are built. */
import { diffImages, type ImageDifferences } from '../../core/compare/diff-images.ts';
import type { ImageSide } from '../../core/compare/image-side.ts';
import { type ExitCode, exitCodes } from '../../core/diagnostic/exit-code.ts';
import { packageDifferences } from '../../io/execute/image-packages.ts';
import { diffText } from '../../io/render/diff-text.ts';
import { createContentOpener } from '../../io/source/open-content.ts';
import { openPlanSide, openRecipeSide } from '../build-side.ts';
import { useColor } from '../color.ts';
import type { Invocation } from '../command-spec.ts';
import { refuseGrowth } from '../refuse-growth.ts';
import { openSide } from '../open-side.ts';
import type { CommonOptions, LockOptions, RecipeOptions, RegistryOptions } from '../options.ts';
import { type Session, withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

interface DiffOptions extends Omit<RecipeOptions, 'cache'>, LockOptions, CommonOptions, RegistryOptions {
  readonly image?: string;
  readonly stat?: boolean;
  readonly exitCode?: boolean;
  /** Bytes. */
  readonly maxGrowth?: number;
}

export async function runDiff(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as DiffOptions;
  const [a = '', b = ''] = invocation.operands;
  return withSession({ options, surroundings, access: 'read-write' }, async (session) => {
    const before = await openOperand(a, options, { session, surroundings });
    const after = await openOperand(b, options, { session, surroundings });
    const differences = await withPackages(diffImages(before, after), { before, after }, session);
    surroundings.stdout.write(textOf(differences, options, surroundings));
    if (options.maxGrowth !== undefined) refuseGrowth(differences, options.maxGrowth);
    return exitCodeOf(differences, options);
  });
}

async function withPackages(
  differences: ImageDifferences,
  { before, after }: { readonly before: ImageSide; readonly after: ImageSide },
  { folder, store }: Session,
): Promise<ImageDifferences> {
  const contents = createContentOpener({ contextFolder: folder, blobs: store.blobs });
  try {
    const { files, ...rest } = differences;
    const sides = { before: before.merged, after: after.merged, files };
    const packages = await packageDifferences(sides, contents);
    return { ...rest, packages, files };
  } finally {
    await contents.close();
  }
}

const planPrefix = 'plan:';

function openOperand(
  operand: string,
  options: DiffOptions,
  context: { readonly session: Session; readonly surroundings: Surroundings },
): Promise<ImageSide> {
  const { session, surroundings } = context;
  const call = { options, image: options.image, name: operand };
  if (operand === 'build') return openRecipeSide(call, session, surroundings);
  if (operand.startsWith(planPrefix)) return openPlanSide(operand.slice(planPrefix.length), call, context);
  return openSide({ reference: operand, name: operand, platform: options.platform }, session);
}

function textOf(
  differences: ImageDifferences,
  options: DiffOptions,
  { env, stdout }: Pick<Surroundings, 'env' | 'stdout'>,
): string {
  if (options.json === true) return `${JSON.stringify(differences, undefined, 2)}\n`;
  const color = useColor(options.color, { env, isTty: stdout.isTty });
  const detail = options.stat === true ? 'totals' : options.verbose === true ? 'all' : 'some';
  return diffText(differences, { color, detail, columns: stdout.isTty ? stdout.columns : fileColumns });
}

/** A file has no width of its own: longer values are cut here, so that a line stays one that people read. */
const fileColumns = 160;

function exitCodeOf({ same }: ImageDifferences, { exitCode }: DiffOptions): ExitCode {
  return exitCode === true && !same ? exitCodes.differs : exitCodes.done;
}
