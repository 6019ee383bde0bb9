/** The `runtime:` of one image of a recipe, for bundles of images that are there already. */
import { expandRecipe } from '../core/recipe/expand-recipe.ts';
import { parseRecipe } from '../core/recipe/parse-recipe.ts';
import type { ImageRecipe, RuntimeRecipe } from '../core/recipe/recipe.ts';
import { CommandError } from './command-error.ts';
import { findConfig } from './find-config.ts';
import type { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';

export interface RuntimeChoice {
  readonly file?: string;
  /** The image whose `runtime:` is meant, where the recipe has several. */
  readonly image?: string;
}

/** Reads the recipe that `-f` names. Throws what findConfig throws, and `command/bad-argument` where several images are in it. */
export async function readRuntime(
  options: RuntimeChoice,
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
