/**
 * Text to a tree with places: YAML 1.2 in its core schema, of which JSON is a part. Refused before anything is built
 * is what would cost too much (text-limits.ts); refused here are broken syntax, several documents and custom tags.
 */
import { Composer, type CST, type Document, type YAMLError } from 'yaml';
import type { RecipePath } from '../diagnostic/source-text.ts';
import type { ProblemList } from './problem-list.ts';
import { readTree } from './read-tree.ts';
import type { RecipeNode } from './recipe-node.ts';
import { scanText } from './text-limits.ts';
import { reportYamlErrors } from './yaml-problem.ts';

/**
 * The tree at `root`, a JSON Pointer into the text, whose own pointers start there. Undefined where nothing can be made
 * of the text, which has then been said.
 */
export function parseDocument(
  text: string,
  problems: ProblemList,
  root: RecipePath = '',
): RecipeNode | undefined {
  const tokens = scanText(text, problems);
  if (tokens === undefined) return undefined;
  const [document, second] = compose(tokens, text.length);
  if (document === undefined || !reportYamlErrors(document.errors, problems)) return undefined;
  if (second !== undefined) reportSecondDocument(second, problems);
  reportTags(document.warnings, problems);
  const tree = readTree(nodeAt(document, root), document.contents, problems);
  if (tree !== undefined && tree.type !== 'nothing') return tree;
  problems.add(
    { start: 0, end: 0 },
    {
      code: 'recipe/empty',
      message: 'the text holds nothing',
      help: 'begin with `from:` and `layers:`; `{}` stands for an empty image',
    },
  );
  return undefined;
}

function nodeAt(document: Document.Parsed, root: RecipePath): unknown {
  const path = root.split('/').slice(1);
  return path.length === 0 ? document.contents : document.getIn(path, true);
}

function compose(tokens: readonly CST.Token[], length: number): Document.Parsed[] {
  // Double keys are found in read-tree.ts in linear time; the library compares each key with each.
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
  });
  return [...composer.compose(tokens, true, length)] as Document.Parsed[];
}

function reportSecondDocument(document: Document.Parsed, problems: ProblemList): void {
  const [start] = document.range;
  problems.add(
    { start, end: start + 1 },
    {
      code: 'recipe/syntax',
      message: 'the file holds more than one document',
      help: 'keep one document in a file; several images go below `images:`',
    },
  );
}

function reportTags(warnings: readonly YAMLError[], problems: ProblemList): void {
  for (const warning of warnings) {
    if (warning.code !== 'TAG_RESOLVE_FAILED') continue;
    const [start, end] = warning.pos;
    problems.add(
      { start, end },
      { code: 'recipe/custom-tag', message: 'there are no custom tags here', help: 'remove the tag' },
    );
  }
}
