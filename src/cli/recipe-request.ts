/** From flags to what the composition root asks for: which recipe, which images, platforms and names. */
import { formatName } from '../core/oci/reference.ts';
import { parseNormalizedReference } from '../core/oci/normalize-reference.ts';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import type { ImageRecipe } from '../core/recipe/recipe.ts';
import type { RecipeRequest } from '../build.ts';
import type { OnRead } from '../io/source/read-place.ts';
import { CommandError } from './command-error.ts';
import { sourceDateEpoch } from './epoch.ts';
import { findConfig } from './find-config.ts';
import { type LockCall, lockUse } from './lock-use.ts';
import type { LockOptions, RecipeOptions, RegistryOptions } from './options.ts';
import { platformsOf } from './platforms.ts';
import type { Surroundings } from './surroundings.ts';

export interface RecipeCall extends LockCall {
  readonly options: RecipeOptions & RegistryOptions & LockOptions;
  readonly names: readonly string[];
  readonly stats: NonNullable<RecipeRequest['stats']>;
  /** As in RecipeRequest; the places of the recipe itself too. */
  readonly onRead?: OnRead;
}

/** Finds and reads the recipe. Throws CommandError and what findConfig throws. */
export async function recipeRequest(call: RecipeCall, surroundings: Surroundings): Promise<RecipeRequest> {
  const { options, names, onRead } = call;
  const { stdin } = surroundings;
  const found = await findConfig({ cwd: call.folder, file: options.file, stdin, onRead });
  const platforms = platformsOf(options.platform);
  return {
    source: found.source,
    folder: found.folder,
    expansion: {
      args: argumentsOf(options.arg ?? []),
      env: surroundings.env,
      names,
      ...(platforms === undefined ? {} : { platforms }),
    },
    epoch: sourceDateEpoch(surroundings.env),
    override: (image) => withNames(image, options.tag ?? []),
    threads: options.jobs ?? surroundings.processors,
    stats: call.stats,
    lock: lockUse(call, found.folder, surroundings),
    ...(onRead === undefined ? {} : { onRead }),
  };
}

export function argumentsOf(pairs: readonly string[]): Record<string, string> {
  const named = pairs.map((pair) => {
    const equals = pair.indexOf('=');
    if (equals > 0) return [pair.slice(0, equals), pair.slice(equals + 1)] as const;
    throw new CommandError('command/bad-argument', `--arg ${escapeText(pair)} is not KEY=VALUE`, {
      help: 'write it as --arg VERSION=1.4.0',
    });
  });
  return Object.fromEntries(named);
}

/** `-t REPO:TAG` names the image in place of the recipe; repeats add tags of the one repository. */
function withNames(image: ImageRecipe, written: readonly string[]): ImageRecipe {
  if (written.length === 0) return image;
  const references = written.map((text) => {
    const parsed = parseNormalizedReference(text);
    if (parsed.ok && parsed.reference.digest === undefined) return parsed.reference;
    throw new CommandError('command/bad-argument', `-t ${escapeText(text)} is not REPOSITORY[:TAG]`, {
      help: 'write it as -t registry.example/app:1.0',
    });
  });
  const repositories = new Set(references.map((reference) => formatName(reference)));
  const [repository, second] = repositories;
  if (second !== undefined) {
    throw new CommandError(
      'command/bad-argument',
      `-t names two repositories: ${String(repository)} and ${second}`,
      {
        help: 'build once, then `layerwright copy` to the other repository',
      },
    );
  }
  return { ...image, reference: repository ?? '', tags: references.map(({ tag }) => tag ?? 'latest') };
}
