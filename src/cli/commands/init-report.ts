/** What `init` says: the files that it wrote on stdout; what it found, what is missing and what comes next on stderr. */
import { relative } from 'node:path';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { hiddenWarnings } from '../../core/starter/hidden-sources.ts';
import type { ProjectView } from '../../core/starter/project-view.ts';
import type { Starter } from '../../core/starter/starter.ts';
import type { CommonOptions } from '../options.ts';
import type { Session } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

export interface StartedProject {
  readonly starter: Starter;
  readonly view: ProjectView;
  /** Absolute. */
  readonly folder: string;
  /** Relative to the working folder. */
  readonly written: readonly string[];
}

export function reportStarter(
  project: StartedProject,
  options: CommonOptions,
  { session, surroundings }: { readonly session: Session; readonly surroundings: Surroundings },
): void {
  const { starter, view, written } = project;
  const warnings = [...starter.warnings, ...hiddenWarnings(starter, view)];
  const next = [...starter.before, buildCall(project, session, surroundings)];
  const { stdout, stderr } = surroundings;
  if (options.json === true) {
    const { project: kind, seen } = starter;
    stdout.write(`${JSON.stringify({ written, project: kind, seen, warnings, next }, undefined, 2)}\n`);
    return;
  }
  const say = (line: string): void => {
    if (options.quiet !== true) stderr.write(`${escapeText(line)}\n`);
  };
  say(`found  ${starter.project}: ${starter.seen.join(', ')}`);
  for (const file of written) stdout.write(`${escapeText(file)}\n`);
  for (const warning of warnings) session.show(warning);
  if (view.kindOf('Dockerfile') === 'file') say(`note   ${dockerfileNote}`);
  say(`next   ${next.join(' && ')}`);
}

const dockerfileNote =
  'nothing was read from the Dockerfile; docs/from-dockerfile.md says what becomes of each instruction';

/** The command as this project calls it: npx finds what is installed here, and is what may have run us. */
function buildCall(
  { folder, view }: StartedProject,
  { folder: cwd }: Session,
  { env }: Surroundings,
): string {
  const isInstalled = [view, view.above?.view].some(
    (one) => one?.kindOf('node_modules/layerwright') === 'folder',
  );
  const isLocal = isInstalled || env['npm_command'] === 'exec';
  const where = folder === cwd ? '' : ` -C ${relative(cwd, folder)}`;
  return `${isLocal ? 'npx ' : ''}layerwright${where} build`;
}
