/**
 * A recipe's text as a tree that remembers where everything was written. Maps keep the order of the text; a number
 * keeps its own spelling, since `0755` and `1.10` mean something else once they are numbers.
 */
import type { RecipePath, Span } from '../diagnostic/source-text.ts';

interface Written {
  /** JSON Pointer from the recipe's root. */
  readonly at: RecipePath;
  readonly span: Span;
}

export interface MapNode extends Written {
  readonly type: 'map';
  readonly entries: ReadonlyMap<string, MapEntry>;
}
export interface MapEntry {
  readonly keySpan: Span;
  readonly value: RecipeNode;
}
export interface ListNode extends Written {
  readonly type: 'list';
  readonly items: readonly RecipeNode[];
}
export interface TextNode extends Written {
  readonly type: 'text';
  readonly text: string;
}
export interface NumberNode extends Written {
  readonly type: 'number';
  readonly value: number;
  /** As it was written. */
  readonly text: string;
}
export interface BooleanNode extends Written {
  readonly type: 'boolean';
  readonly value: boolean;
}
/** `key:` with nothing after it, `null` or `~`. */
export interface NothingNode extends Written {
  readonly type: 'nothing';
}

export type RecipeNode = MapNode | ListNode | TextNode | NumberNode | BooleanNode | NothingNode;

/** What was found, for the end of a message: `the number 0755`, `a list`. */
export function describeNode(node: RecipeNode): string {
  switch (node.type) {
    case 'map':
      return 'a map';
    case 'list':
      return 'a list';
    case 'text':
      return 'text';
    case 'number':
      return `the number ${node.text}`;
    case 'boolean':
      return node.value ? 'true' : 'false';
    case 'nothing':
      return 'nothing';
  }
}
