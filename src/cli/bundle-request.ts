/** What shapes a bundle on the command line: a recipe's `runtime:`, `--rootless`. */
import { expandRecipe } from '../core/recipe/expand-recipe.ts';
import { parseRecipe } from '../core/recipe/parse-recipe.ts';
import type { ImageRecipe, RuntimeRecipe } from '../core/recipe/recipe.ts';
import type { BundleShape } from '../deliver.ts';
import { callerOf } from './caller.ts';
import { CommandError } from './command-error.ts';
import { findConfig } from './find-config.ts';
import type { CommonOptions, RegistryOptions } from './options.ts';
import type { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';

export interface BundleOptions extends CommonOptions, RegistryOptions {
  readonly rootless?: boolean;
  readonly file?: string;
  readonly image?: string;
  readonly platform?: readonly string[];
}

/** Reads the recipe that `-f` names; without one the bundle is plain. */
export async function bundleShape(
  options: BundleOptions,
  session: Session,
  surroundings: Surroundings,
): Promise<BundleShape> {
  const found = options.file === undefined ? undefined : await readRuntime(options, session, surroundings);
  const runtime = found?.runtime ?? {};
  const isRootless = options.rootless === true || runtime.rootless === true;
  return {
    runtime,
    runtimeFolder: found?.folder ?? session.folder,
    rootless: isRootless ? callerOf() : undefined,
  };
}

async function readRuntime(
  options: BundleOptions,
  session: Session,
  surroundings: Surroundings,
): Promise<{ runtime: RuntimeRecipe; folder: string }> {
  const { source, folder } = await findConfig({
    cwd: session.folder,
    file: options.file,
    stdin: surroundings.stdin,
  });
  session.addSource(source);
  const recipe = session.valueOf(parseRecipe(source));
  const names = options.image === undefined ? [] : [options.image];
  const targets = session.valueOf(expandRecipe(recipe, { args: {}, env: surroundings.env, names }));
  return {
    runtime: onlyRuntime(
      targets.map((target) => target.image),
      options.image,
    ),
    folder,
  };
}

function onlyRuntime(images: readonly ImageRecipe[], name: string | undefined): RuntimeRecipe {
  const wanted = name === undefined ? images : images.filter((image) => image.name === name);
  const names = [...new Set(wanted.map((image) => image.name))];
  const [first] = wanted;
  if (first !== undefined && names.length === 1) return first.runtime;
  throw new CommandError('command/bad-argument', 'the recipe has several images', {
    help: `say whose \`runtime:\` is meant: --image ${names.join(', --image ')}`,
  });
}
