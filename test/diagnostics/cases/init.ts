/** Projects of which a first recipe is made. */
import { refuseOtherRecipes } from '../../../src/cli/commands/init.ts';
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import { chooseStarter } from '../../../src/core/starter/choose-starter.ts';
import { hiddenWarnings } from '../../../src/core/starter/hidden-sources.ts';
import { openProject } from '../../../src/io/source/project-view.ts';
import type { DiagnosticCase, Made } from '../diagnostic-case.ts';
import { inFolder, writeFiles } from '../project-case.ts';

const scripts = { start: 'node dist/server.js', build: 'tsc' };
const dependencies = { zod: '4' };

/** What is said of a folder with these files; objects are JSON. */
function starting(code: DiagnosticCode, files: Readonly<Record<string, string | object>>): DiagnosticCase {
  const make = (): Promise<Made> =>
    inFolder(async (folder) => {
      const texts = Object.entries(files).map(
        ([name, text]) => [name, typeof text === 'string' ? text : JSON.stringify(text)] as const,
      );
      writeFiles(folder, Object.fromEntries(texts));
      await refuseOtherRecipes(folder, {});
      const view = openProject(folder);
      const starter = chooseStarter(view);
      return { diagnostics: [...starter.warnings, ...hiddenWarnings(starter, view)] };
    });
  return { code, make };
}

export const initCases: readonly DiagnosticCase[] = [
  starting('init/recipe-exists', { 'oci.config.yaml': '' }),
  starting('init/bad-package', { 'package.json': '{ "name": "api", }' }),
  starting('init/not-built', { 'package.json': { scripts } }),
  starting('init/not-installed', { 'package.json': { dependencies }, 'package-lock.json': '{}' }),
  starting('init/plug-and-play', { 'package.json': { dependencies }, '.pnp.cjs': '', 'yarn.lock': '' }),
  starting('init/no-entry', { 'package.json': {} }),
  starting('init/hidden', {
    'package.json': { scripts, dependencies },
    '.dockerignore': 'node_modules\ndist\n',
  }),
];
