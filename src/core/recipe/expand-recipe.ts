/**
 * A recipe to targets: the images that were asked for and those they build on, each for each of its platforms, with
 * every substitution done. What a value may have broken (a tag, a reference, a path, two outputs) is checked again.
 */
import { type Diagnostic, type Outcome, outcomeOf } from '../diagnostic/diagnostic.ts';
import { formatPlatform, type Platform } from '../oci/platform.ts';
import { argumentValues, type GivenValues, undeclaredArguments } from './argument-values.ts';
import type { Check } from './check/check.ts';
import { checkFamily, parentName } from './check/check-family.ts';
import { checkImage } from './check/check-image.ts';
import { checkNames, checkOutputs } from './check/check-outputs.ts';
import { createProblemList, inTextOrder } from './problem-list.ts';
import type { ImageRecipe, Recipe, Target } from './recipe.ts';
import { createReporter } from './reporter.ts';
import { type SelectedImage, selectImages, type Selection, unknownNames } from './select-images.ts';
import { substituteImage, substitutionValues } from './substitute-image.ts';
import { substitute } from './substitution.ts';

/** What is asked of a recipe. */
export interface Expansion extends GivenValues, Selection {}

/** Each target stands after those it builds on; an image's platforms stand in their order. */
export function expandRecipe(recipe: Recipe, expansion: Expansion): Outcome<readonly Target[]> {
  const problems = createProblemList(recipe.source);
  const report = createReporter(recipe.places, problems);
  const unplaced: Diagnostic[] = [
    ...undeclaredArguments(recipe, expansion),
    ...unknownNames(recipe.images, expansion.names ?? []),
  ];
  const values = argumentValues(recipe, expansion, report);
  if (unplaced.length + problems.found.length > 0) {
    return outcomeOf([...unplaced, ...inTextOrder(problems.found)], () => []);
  }
  const selected = selectImages(recipe.images, expansion, (image, platform) =>
    parentName({ from: substitute(image.from, substitutionValues(image, platform, values)) }),
  );
  const targets = selected.flatMap(({ image, platforms }) =>
    platforms.map((platform) => ({
      image: { ...substituteImage(image, platform, values), platforms },
      platform,
    })),
  );
  const check: Check = { report, isKnown: () => true };
  checkTargets(check, targets);
  for (const platform of distinctPlatforms(selected)) {
    const family = recipe.images.map((image) => substituteImage(image, platform, values));
    checkFamily(check, family, namesFor(targets, platform));
  }
  return outcomeOf(inTextOrder(problems.found), () => targets);
}

function checkTargets(check: Check, targets: readonly Target[]): void {
  const images: readonly ImageRecipe[] = targets.map((target) => target.image);
  for (const image of images) checkImage(check, image);
  checkOutputs(check, images);
  checkNames(check, images);
}

function distinctPlatforms(selected: readonly SelectedImage[]): Platform[] {
  const all = selected.flatMap(({ platforms }) => platforms);
  return [...new Map(all.map((platform) => [formatPlatform(platform), platform])).values()];
}

function namesFor(targets: readonly Target[], platform: Platform): Set<string> {
  const name = formatPlatform(platform);
  return new Set(
    targets.filter((target) => formatPlatform(target.platform) === name).map((target) => target.image.name),
  );
}
