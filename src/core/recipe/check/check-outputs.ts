/** Outputs that would be written over one another, and images that would get one name. */
import { quoteText } from '../../diagnostic/escape-text.ts';
import { pointerOf } from '../pointer-of.ts';
import type { ImageRecipe } from '../recipe.ts';
import {
  formatTransportReference,
  parseTransportReference,
  type TransportReference,
} from '../transport-reference.ts';
import type { Check } from './check.ts';

interface Output {
  readonly at: string;
  readonly text: string;
  readonly image: ImageRecipe;
  readonly reference: TransportReference;
}

/** An image of several platforms stands here once for each, and its own outputs are one. */
export function checkOutputs(check: Check, images: readonly ImageRecipe[]): void {
  const seen: Output[] = [];
  // An inherited output is one line of text, which is told once however many images inherit it.
  const told = new Set<string>();
  for (const image of images) {
    image.outputs.forEach((text, index) => {
      const parsed = check.isKnown(text) ? parseTransportReference(text) : undefined;
      if (parsed?.ok !== true) return;
      const output = { at: pointerOf(image, 'outputs', index), text, image, reference: parsed.value };
      const other = seen.find((before) => collide(before, output));
      if (other !== undefined && !told.has(output.at)) {
        told.add(output.at);
        reportCollision(check, other, output);
      }
      seen.push(output);
    });
  }
}

function collide(a: Output, b: Output): boolean {
  const isSame = a.image.name === b.image.name && a.at === b.at;
  return !isSame && overlaps(a.reference, b.reference);
}

/** A layout keeps its other tags; every other folder and file belongs to one image alone. */
function overlaps(a: TransportReference, b: TransportReference): boolean {
  if (!('path' in a) || !('path' in b)) return formatTransportReference(a) === formatTransportReference(b);
  const [first, second] = [plainPath(a.path), plainPath(b.path)];
  if (first === second) return a.transport !== 'oci' || b.transport !== 'oci' || a.tag === b.tag;
  return (isRoot(a) && second.startsWith(`${first}/`)) || (isRoot(b) && first.startsWith(`${second}/`));
}

function isRoot({ transport }: TransportReference): boolean {
  return transport === 'bundle' || transport === 'rootfs';
}

/** Without `.`, `..` and doubled slashes, as far as words tell. */
function plainPath(path: string): string {
  const plain: string[] = [];
  for (const component of path.split('/')) {
    if (component === '..') plain.pop();
    else if (component !== '' && component !== '.') plain.push(component);
  }
  return plain.join('/');
}

function reportCollision(check: Check, first: Output, second: Output): void {
  const whose =
    first.image.name === second.image.name
      ? 'an output before it'
      : `image ${quoteText(first.image.name)} (${quoteText(first.text)})`;
  check.report(second.at, {
    code: 'recipe/colliding-outputs',
    message: `image ${quoteText(second.image.name)} is written to ${quoteText(second.text)}, as is ${whose}`,
    help: 'give each its own path, for example with ${{ image.name }}',
  });
}

/** Images that would be pushed to one tag. `latest` stands for no tag. */
export function checkNames(check: Check, images: readonly ImageRecipe[]): void {
  const seen = new Map<string, ImageRecipe>();
  for (const image of images) {
    for (const name of namesOf(image)) {
      const other = seen.get(name);
      seen.set(name, other ?? image);
      if (other === undefined || other.name === image.name) continue;
      check.report(image.tags.length > 0 ? pointerOf(image, 'tags') : image.at, {
        code: 'recipe/same-reference',
        message: `images ${quoteText(other.name)} and ${quoteText(image.name)} are both called ${quoteText(name)}`,
        help: 'give one of them its own `tags` or `image`',
      });
    }
  }
}

function namesOf(image: ImageRecipe): string[] {
  const parsed = image.reference === undefined ? undefined : parseTransportReference(image.reference);
  if (parsed?.ok !== true || parsed.value.transport !== 'registry') return [];
  const { registry, repository, tag = 'latest' } = parsed.value;
  const tags = image.tags.length > 0 ? image.tags : [tag];
  return [...new Set(tags)].map((one) => `${registry}/${repository}:${one}`);
}
