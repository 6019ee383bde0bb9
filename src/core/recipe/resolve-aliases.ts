/**
 * What each alias (`*name`) stands for: the last value before it that was anchored (`&name`) under that name
 * (YAML 1.2.2, 7.1). One walk in the order of the text.
 */
import { type Alias, isAlias, isCollection, isNode, isPair, type Node } from 'yaml';

export function resolveAliases(root: unknown): ReadonlyMap<Alias, Node> {
  const anchored = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const visit = (node: unknown): void => {
    if (isPair(node)) {
      visit(node.key);
      visit(node.value);
    } else if (isAlias(node)) {
      const target = anchored.get(node.source);
      if (target !== undefined) targets.set(node, target);
    } else if (isNode(node)) {
      if (node.anchor !== undefined) anchored.set(node.anchor, node);
      if (isCollection(node)) for (const item of node.items) visit(item);
    }
  };
  visit(root);
  return targets;
}
