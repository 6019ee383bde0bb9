/** `layerwright init`: looks at a project and writes the smallest recipe that works for it. Overwrites nothing unasked. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { escapeText, quoteText } from '../../core/diagnostic/escape-text.ts';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { parseRecipe } from '../../core/recipe/parse-recipe.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import { chooseStarter } from '../../core/starter/choose-starter.ts';
import { imageName } from '../../core/starter/image-name.ts';
import type { ProjectView } from '../../core/starter/project-view.ts';
import { type Starter, standingOn } from '../../core/starter/starter.ts';
import { starterText } from '../../core/starter/starter-text.ts';
import { openProject } from '../../io/source/project-view.ts';
import { writeWorkflow } from '../write-workflow.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../command-spec.ts';
import type { CommonOptions } from '../options.ts';
import { recipesIn } from '../search-recipe.ts';
import { type Session, withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';
import { createTextFile, replaceTextFile } from '../write-file.ts';
import { reportStarter } from './init-report.ts';

interface InitOptions extends CommonOptions {
  readonly image?: string;
  readonly from?: string;
  readonly force?: boolean;
  readonly ci?: 'github';
}

const recipeName = 'oci.config.yaml';

export function runInit(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as InitOptions;
  return withSession({ options, surroundings, access: 'read-only' }, async (session) => {
    const folder = projectFolder(session.folder, invocation.operands[0]);
    await refuseOtherRecipes(folder, options);
    const view = openProject(folder);
    const starter = chosenStarter(view, options);
    const text = recipeText(starter, { view, folder, options });
    const recipe = checkRecipe(text, session);
    // Before the recipe: a refusal of one of the two writes neither.
    const workflow = options.ci === undefined ? [] : [writeWorkflow({ folder, view, recipe })];
    writeRecipe(folder, text, options);
    const written = [join(folder, recipeName), ...workflow].map((path) => relative(session.folder, path));
    reportStarter({ starter, view, folder, written }, options, { session, surroundings });
    return exitCodes.done;
  });
}

function projectFolder(cwd: string, named: string | undefined): string {
  const folder = resolve(cwd, named ?? '.');
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new CommandError('command/bad-argument', `${quoteText(named ?? '.')} is no folder`, {
    help: 'name the folder of the project',
  });
}

/** A recipe under another name would make two of them, which no command takes. */
export async function refuseOtherRecipes(
  folder: string,
  { force }: Pick<InitOptions, 'force'>,
): Promise<void> {
  const found = (await recipesIn(folder)).map((path) => relative(folder, path));
  const [other] = found.filter((name) => force !== true || name !== recipeName);
  if (other === undefined) return;
  const isOurs = other === recipeName;
  throw new CommandError('init/recipe-exists', `${escapeText(other)} is there already`, {
    help: isOurs ? '`--force` replaces it' : 'keep it, or remove it first',
  });
}

function chosenStarter(view: ProjectView, { from }: InitOptions): Starter {
  const starter = chooseStarter(view);
  return from === undefined ? starter : standingOn(starter, from);
}

interface Project {
  readonly view: ProjectView;
  /** Absolute. */
  readonly folder: string;
  readonly options: InitOptions;
}

function recipeText(starter: Starter, { view, folder, options }: Project): string {
  const image = options.image ?? imageName(starter.name ?? basename(folder));
  const schema = schemaPlace(folder, view);
  return starterText(starter, { image, ...(schema === undefined ? {} : { schema }) }, view);
}

const schemaInPackage = 'node_modules/layerwright/schema/recipe.schema.json';

/** The schema of the package that is, or for a package would be, installed: a place that is the same on every computer. */
function schemaPlace(folder: string, view: ProjectView): string | undefined {
  for (let above = folder; ; above = dirname(above)) {
    const path = join(above, schemaInPackage);
    if (existsSync(path)) return `./${relative(folder, path).replaceAll('\\', '/')}`;
    if (dirname(above) === above || existsSync(join(above, '.git'))) break;
  }
  return view.kindOf('package.json') === 'file' ? `./${schemaInPackage}` : undefined;
}

/** What was asked for may be no reference; the parser says so, and shows where it would have stood. */
function checkRecipe(text: string, session: Session): Recipe {
  const source = { name: recipeName, text };
  session.addSource(source);
  return session.valueOf(parseRecipe(source));
}

function writeRecipe(folder: string, text: string, { force }: InitOptions): void {
  if (force === true) replaceTextFile(folder, recipeName, text);
  else if (!createTextFile(folder, recipeName, text)) {
    throw new CommandError('init/recipe-exists', `${recipeName} is there already`, {
      help: '`--force` replaces it',
    });
  }
}
