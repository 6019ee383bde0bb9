/** Writes the workflow that builds a project's image, at the top of its repository. Replaces nothing, whatever the flags. */
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Recipe } from '../core/recipe/recipe.ts';
import type { ProjectView } from '../core/starter/project-view.ts';
import { workflowPath, workflowText } from '../core/starter/workflow-text.ts';
import { CommandError } from './command-error.ts';
import { createTextFile } from './write-file.ts';

interface NewProject {
  /** Absolute. */
  readonly folder: string;
  readonly view: ProjectView;
  readonly recipe: Recipe;
}

/** Gives the absolute path of the file. Throws `command/bad-argument` where it is there. */
export function writeWorkflow({ folder, view, recipe }: NewProject): string {
  const top = repositoryOf(folder);
  const image = recipe.images[0]?.reference ?? '';
  const text = workflowText({ image, folder: relative(top, folder).replaceAll('\\', '/') }, view);
  if (createTextFile(top, workflowPath, text)) return join(top, workflowPath);
  throw new CommandError('command/bad-argument', `--ci: ${workflowPath} is there already`, {
    help: 'it is never replaced: remove it first, or leave --ci out',
  });
}

/** The nearest folder with `.git`, else the project's own. */
function repositoryOf(folder: string): string {
  for (let above = folder; ; above = dirname(above)) {
    if (existsSync(join(above, '.git'))) return above;
    if (dirname(above) === above) return folder;
  }
}
