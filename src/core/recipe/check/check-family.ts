/** How the images of a recipe build on one another: each `from: image:NAME` exists, and there is no circle. */
import { quoteText } from '../../diagnostic/escape-text.ts';
import { suggestion } from '../../diagnostic/suggest.ts';
import { pointerOf } from '../pointer-of.ts';
import type { ImageRecipe } from '../recipe.ts';
import { parseBaseReference } from '../transport-reference.ts';
import type { Check } from './check.ts';

/** The name of the image that an image builds on, where that is one of this recipe. */
export function parentName(image: Pick<ImageRecipe, 'from'>): string | undefined {
  const parsed = parseBaseReference(image.from);
  return parsed.ok && parsed.value.transport === 'image' ? parsed.value.name : undefined;
}

/** `starts` are the names of the images that matter; all of them where it is left out. */
export function checkFamily(
  check: Check,
  images: readonly ImageRecipe[],
  starts?: ReadonlySet<string>,
): void {
  const byName = new Map(images.map((image) => [image.name, image]));
  const settled = new Set<string>();
  for (const image of images) {
    if (!check.isKnown(image.from) || starts?.has(image.name) === false) continue;
    const parent = parentName(image);
    if (parent !== undefined && !byName.has(parent))
      reportUnknown(check, image, { parent, names: [...byName.keys()] });
    reportCycle(check, image, { byName, settled });
  }
}

function reportUnknown(
  check: Check,
  image: ImageRecipe,
  unknown: { readonly parent: string; readonly names: readonly string[] },
): void {
  check.report(pointerOf(image, 'from'), {
    code: 'recipe/unknown-image',
    message: `the recipe has no image ${quoteText(unknown.parent)}`,
    help: suggestion(unknown.parent, unknown.names),
  });
}

/** Follows parents from an image; a circle is told once, at the first of its images. */
function reportCycle(
  check: Check,
  start: ImageRecipe,
  known: { readonly byName: ReadonlyMap<string, ImageRecipe>; readonly settled: Set<string> },
): void {
  const chain: string[] = [];
  let image: ImageRecipe | undefined = start;
  while (image !== undefined && !known.settled.has(image.name)) {
    chain.push(image.name);
    known.settled.add(image.name);
    const parent = parentName(image);
    image = parent === undefined ? undefined : known.byName.get(parent);
  }
  const from = image === undefined ? -1 : chain.indexOf(image.name);
  if (from < 0) return;
  const circle = chain.slice(from);
  const first = known.byName.get(circle[0] ?? '') ?? start;
  check.report(pointerOf(first, 'from'), {
    code: 'recipe/cycle',
    message:
      circle.length === 1
        ? `image ${quoteText(first.name)} builds on itself`
        : `images build on one another in a circle: ${[...circle, first.name].map((name) => quoteText(name)).join(' → ')}`,
    help: 'let one of them build on something else',
  });
}
