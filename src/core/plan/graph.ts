/** What stands on what in a plan. */
import type { Descriptor } from '../oci/descriptor.ts';
import type { Action, CacheKey, ImageAction, Plan } from './plan.ts';

/** The actions that have to be done before this one. */
export function needsOf(action: Action): readonly CacheKey[] {
  if (action.kind === 'index') return action.images.map((image) => image.key);
  if (action.kind !== 'image') return [];
  return [...action.needs, ...action.layers.flatMap((layer) => (layer.from === 'action' ? [layer.key] : []))];
}

/** The layers of an image that its base brings. */
export function baseLayers({ layers }: ImageAction): Descriptor[] {
  return layers.flatMap((input) => (input.from === 'base' ? [input.layer.descriptor] : []));
}

/** The plan as a Mermaid flowchart (mermaid.js.org/syntax/flowchart): what is needed points at what needs it. */
export function mermaidGraph(plan: Plan): string {
  const names = new Map(plan.actions.map((action, index) => [action.key, `a${String(index)}`]));
  const nodes = plan.actions.map(
    (action) => `  ${names.get(action.key) ?? ''}["${mermaidText(action.label)}"]`,
  );
  const edges = plan.actions.flatMap((action) =>
    needsOf(action).map((key) => `  ${names.get(key) ?? ''} --> ${names.get(action.key) ?? ''}`),
  );
  return `${['flowchart LR', ...nodes, ...edges].join('\n')}\n`;
}

/** Mermaid reads entity codes inside quotes; nothing else has a meaning there. */
function mermaidText(label: string): string {
  return label.replace(/[^\p{L}\p{N} ./_:@+-]/gu, (character) => `#${String(character.codePointAt(0))};`);
}
