/**
 * Recipe text to a recipe, or every problem of it at once, each with its place and cure. Pure: no file, no clock, no
 * environment. What needs values (arguments, platforms) is looked at by expandRecipe.
 */
import { Bug } from '../diagnostic/bug.ts';
import { type Outcome, outcomeOf } from '../diagnostic/diagnostic.ts';
import type { SourceText } from '../diagnostic/source-text.ts';
import { checkFamily } from './check/check-family.ts';
import { checkImage } from './check/check-image.ts';
import { checkArguments, checkImageNames } from './check/check-names.ts';
import { checkOutputs } from './check/check-outputs.ts';
import { type MergedImage, mergeImages, singleImage } from './merge-images.ts';
import { type NamedImage, normaliseImage } from './normalise/normalise-image.ts';
import { textsOf } from './normalise/normalise-runtime.ts';
import { parseDocument } from './parse-document.ts';
import { createProblemList, inTextOrder, type ProblemList } from './problem-list.ts';
import type { ArgDeclaration, ImageRecipe, Recipe } from './recipe.ts';
import type { RecipeNode, TextNode } from './recipe-node.ts';
import { type RecipeShape, recipeShape } from './recipe-schema.ts';
import { createReporter, placesOf } from './reporter.ts';
import { readShape, type ShapeReading } from './shape/read-shape.ts';
import { findSubstitutions, substitute, substitutionProblem } from './substitution.ts';

/** Reads the recipe at `source.root`; pointers into it start there, places are those of the whole text. */
export function parseRecipe(source: SourceText): Outcome<Recipe> {
  const problems = createProblemList(source);
  const tree = parseDocument(source.text, problems, source.root);
  const recipe = tree === undefined ? undefined : readRecipe(source, tree, problems);
  return outcomeOf(inTextOrder(problems.found), () => {
    if (recipe === undefined) throw new Bug('a recipe that could not be read has no problem');
    return recipe;
  });
}

function readRecipe(source: SourceText, tree: RecipeNode, problems: ProblemList): Recipe | undefined {
  const reading: ShapeReading = {
    problems,
    pointers: new WeakMap(),
    checkSubstitutions: substitutionChecker(source, problems, argumentNames(tree)),
  };
  const shape = readShape(reading, recipeShape, tree);
  if (shape === undefined) return undefined;
  const places = placesOf(tree);
  const report = createReporter(places, problems);
  const check = { report, isKnown: (text: string) => !text.includes('${{') };
  const args = argumentsOf(shape);
  checkArguments(check, args);
  if (shape.context === '') report('/context', emptyContext);
  const images = imagesOf(shape).map((image) =>
    normaliseImage({ report, pointers: reading.pointers }, image),
  );
  checkImageNames(check, images);
  for (const image of images) checkImage(check, image);
  checkFamily(check, images);
  checkOutputs(check, images.map(withOwnName));
  return { source, places, args, context: shape.context, images };
}

const emptyContext = {
  code: 'recipe/outside-context',
  message: 'the path is empty',
  help: 'leave `context` out where it is the recipe’s own folder',
} as const;

/** Declared names, before anything is known of what they declare. */
function argumentNames(tree: RecipeNode): string[] {
  const args = tree.type === 'map' ? tree.entries.get('args')?.value : undefined;
  return args?.type === 'map' ? [...args.entries.keys()] : [];
}

function substitutionChecker(source: SourceText, problems: ProblemList, args: readonly string[]) {
  return (node: TextNode): void => {
    let from = node.span.start;
    for (const found of findSubstitutions(node.text)) {
      const written = node.text.slice(found.start, found.end);
      // Quotes and folding may write it otherwise; then the whole text is the place.
      const at = source.text.indexOf(written, from);
      const inside = at >= 0 && at + written.length <= node.span.end;
      if (inside) from = at + written.length;
      const problem = substitutionProblem(found, args);
      if (problem !== undefined) problems.add(inside ? { start: at, end: from } : node.span, problem);
    }
  };
}

function argumentsOf(shape: RecipeShape): Record<string, ArgDeclaration> {
  const entries = Object.entries(shape.args ?? {});
  return Object.fromEntries(entries.map(([name, declared]) => [name, textsOf(declared)]));
}

function imagesOf({ images, args: _, context: __, ...defaults }: RecipeShape): NamedImage[] {
  if (images === undefined) return [singleImage(defaults)];
  return Object.entries(images).map(([name, own]): MergedImage & { name: string } => ({
    name,
    ...mergeImages(defaults, own, name),
  }));
}

/** `${{ image.name }}` is known already, and what usually keeps outputs apart. */
function withOwnName(image: ImageRecipe): ImageRecipe {
  const values = new Map([['image.name', image.name]]);
  return { ...image, outputs: image.outputs.map((output) => substitute(output, values)) };
}
