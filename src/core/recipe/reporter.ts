/** Adds problems by JSON Pointer: at the value, at its key, or at the nearest thing above that was written. */
import type { Places, RecipePath, Span } from '../diagnostic/source-text.ts';
import { joinPointer } from '../diagnostic/source-text.ts';
import type { Problem, ProblemList } from './problem-list.ts';
import type { RecipeNode } from './recipe-node.ts';

/** `where` chooses the key of the value instead of the value itself, for what is wrong with a name. */
export type Report = (at: RecipePath, problem: Problem, where?: 'key') => void;

export function createReporter(places: Places, problems: ProblemList): Report {
  return (at, problem, where) => {
    const key = where === 'key' ? places.keys.get(at) : undefined;
    problems.add(key ?? spanAt(places, at), problem);
  };
}

export function spanAt(places: Places, at: RecipePath): Span {
  for (let pointer = at; pointer !== ''; pointer = pointer.slice(0, pointer.lastIndexOf('/'))) {
    const span = places.values.get(pointer);
    if (span !== undefined) return span;
  }
  return { start: 0, end: 0 };
}

/** The places of a tree, by pointer. */
export function placesOf(root: RecipeNode): Places {
  const values = new Map<RecipePath, Span>();
  const keys = new Map<RecipePath, Span>();
  const waiting: RecipeNode[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    values.set(node.at, node.span);
    if (node.type === 'list') waiting.push(...node.items);
    if (node.type !== 'map') continue;
    for (const [key, { keySpan, value }] of node.entries) {
      keys.set(joinPointer(node.at, key), keySpan);
      waiting.push(value);
    }
  }
  return { values, keys };
}
