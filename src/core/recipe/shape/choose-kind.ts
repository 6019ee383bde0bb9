/** Which kind of layer a map is: the one that has its first key. Exactly one kind must be there. */
import { suggest } from '../../diagnostic/suggest.ts';
import { escapeText } from '../../diagnostic/escape-text.ts';
import type { ProblemList } from '../problem-list.ts';
import type { MapNode } from '../recipe-node.ts';
import { type ObjectShape } from './shape-kind.ts';

/** Undefined where it has none, or several, which has then been said. */
export function chooseKind(
  options: readonly ObjectShape[],
  node: MapNode,
  problems: ProblemList,
): ObjectShape | undefined {
  const kinds = options.flatMap((option) => Object.keys(option.entries).slice(0, 1));
  const present = kinds.filter((kind) => node.entries.has(kind));
  const [first, second] = present;
  if (first !== undefined && second === undefined) return options[kinds.indexOf(first)];
  if (first === undefined) reportNone(kinds, node, problems);
  else reportSeveral(present, node, problems);
  return undefined;
}

function reportNone(kinds: readonly string[], node: MapNode, problems: ProblemList): void {
  for (const [key, entry] of node.entries) {
    const near = suggest(key, kinds);
    if (near === undefined) continue;
    problems.add(entry.keySpan, {
      code: 'recipe/unknown-key',
      message: `unknown key \`${escapeText(key)}\``,
      help: `did you mean \`${near}\`?`,
    });
    return;
  }
  const [first] = node.entries.values();
  problems.add(first?.keySpan ?? node.span, {
    code: 'recipe/no-layer-kind',
    message: 'this layer does not say what it holds',
    help: node.entries.has('run')
      ? 'a recipe runs nothing: build with your own tools first, then `copy` the result'
      : `give it one of ${kinds.join(', ')}`,
  });
}

function reportSeveral(present: readonly string[], node: MapNode, problems: ProblemList): void {
  const [first, ...others] = present.map((kind) => ({
    kind,
    span: node.entries.get(kind)?.keySpan ?? node.span,
  }));
  for (const other of others) {
    problems.add(other.span, {
      code: 'recipe/several-layer-kinds',
      message: `this layer is both \`${first?.kind ?? ''}\` and \`${other.kind}\``,
      help: 'make two layers of it, or one `group` of both',
      ...(first === undefined ? {} : { related: { message: 'the first kind', span: first.span } }),
    });
  }
}
