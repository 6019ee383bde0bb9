/** A starter as the text of a recipe: one line a key, so that a first recipe is read at a glance. */
import type { IgnoreMatcher } from '../tree/ignore-file.ts';
import { flowList, flowMap, flowText } from './flow-text.ts';
import { hiddenSources, ignoreMatcher } from './hidden-sources.ts';
import type { ProjectView } from './project-view.ts';
import type { Starter, StarterLayer, StarterPackages } from './starter.ts';

export interface StarterChoices {
  /** `image:`; the starter's own name, else the folder's, where it is absent. */
  readonly image: string;
  /** Where the recipe's schema stands, for editors; none where there is no place that every computer has. */
  readonly schema?: string;
}

export function starterText(starter: Starter, { image, schema }: StarterChoices, view: ProjectView): string {
  const { context, from, user, workdir, layers, ports, entrypoint, cmd } = starter;
  const ignored = ignoreMatcher(starter, view);
  const lines = [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]),
    `image: ${flowText(image)}`,
    ...(context === undefined ? [] : [`context: ${flowText(context)}`]),
    `from: ${flowText(from)}`,
    ...(user === undefined ? [] : [`user: ${flowText(user)}`]),
    ...(workdir === undefined ? [] : [`workdir: ${flowText(workdir)}`]),
    'layers:',
    ...layers.map((layer) => layerLine(layer, ignored)),
    ...(ports === undefined ? [] : [`ports: [${ports.join(', ')}]`]),
    ...(entrypoint === undefined ? [] : [`entrypoint: ${flowList(entrypoint)}`]),
    ...(cmd === undefined ? [] : [`cmd: ${flowList(cmd)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function layerLine(layer: StarterLayer, ignored: IgnoreMatcher | undefined): string {
  if ('npm' in layer) return packagesLine(layer);
  const { copy, to, include, exclude } = layer;
  const isHidden = hiddenSources(layer, ignored).length > 0;
  const map = flowMap([
    ['copy', flowText(copy)],
    ...(to === undefined ? [] : [['to', flowText(to)] as const]),
    ...(include === undefined ? [] : [['include', flowList(include)] as const]),
    ...(exclude === undefined ? [] : [['exclude', flowList(exclude)] as const]),
    ...(isHidden ? [['ignore', 'false'] as const] : []),
  ]);
  return `  - ${map}${comment(layer)}`;
}

function packagesLine(layer: StarterPackages): string {
  const { npm, libc } = layer;
  if (libc === undefined) return `  - npm: ${flowText(npm)}${comment(layer)}`;
  const map = flowMap([
    ['npm', flowText(npm)],
    ['libc', libc],
  ]);
  return `  - ${map}${comment(layer)}`;
}

function comment({ note }: StarterLayer): string {
  return note === undefined ? '' : ` # ${note}`;
}
