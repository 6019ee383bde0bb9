/**
 * What a starter copies and .dockerignore hides. A Dockerfile that installs and builds inside the image has no use for
 * `node_modules` and `dist`, and their lines are in most such files.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { createIgnoreMatcher, type IgnoreMatcher, parseIgnoreFile } from '../tree/ignore-file.ts';
import type { ImagePath } from '../tree/image-path.ts';
import type { ProjectView } from './project-view.ts';
import { type Starter, type StarterLayer, warningOf } from './starter.ts';

/** The paths of one layer that are hidden. */
export function hiddenSources(layer: StarterLayer, ignored: IgnoreMatcher | undefined): string[] {
  if ('npm' in layer) return [];
  const { copy, include } = layer;
  const whole = copy === '.' ? [] : [copy];
  const wanted = include?.map((path) => (copy === '.' ? path : `${copy}/${path}`)) ?? whole;
  return wanted.filter((path) => ignored?.hiddenBy(path as ImagePath) !== undefined);
}

/** That of the context. Undefined where there is none, or one with mistakes, of which the first build tells. */
export function ignoreMatcher(
  { context }: Pick<Starter, 'context'>,
  view: ProjectView,
): IgnoreMatcher | undefined {
  const text = (context === undefined ? view : view.above?.view)?.textOf('.dockerignore');
  const result = text === undefined ? undefined : createIgnoreMatcher(parseIgnoreFile(text));
  return result?.ok === true ? result.matcher : undefined;
}

/** That the recipe does not honour .dockerignore in those layers. */
export function hiddenWarnings(starter: Starter, view: ProjectView): Diagnostic[] {
  const ignored = ignoreMatcher(starter, view);
  const hidden = starter.layers.flatMap((layer) => hiddenSources(layer, ignored));
  if (hidden.length === 0) return [];
  const names = hidden.map((path) => `\`${path}\``).join(', ');
  return [
    warningOf(
      'init/hidden',
      `.dockerignore hides ${names}, so the recipe says \`ignore: false\` there`,
      'once no Dockerfile needs these lines, take them out, and `ignore: false` with them',
    ),
  ];
}
