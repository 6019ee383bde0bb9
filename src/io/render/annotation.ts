/** A diagnostic as an annotation: GitHub shows it at its line of the recipe, in the list of a run and in a pull request. */
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { workflowCommand } from './workflow-command.ts';

/** The path of a file in the repository by the name that places give it; undefined for what is no file there. */
export type RepositoryPath = (file: string) => string | undefined;

/** One line, its newline included. */
export function annotation(diagnostic: Diagnostic, pathOf: RepositoryPath): string {
  const { code, severity, message, place, help } = diagnostic;
  const file = place === undefined ? undefined : pathOf(place.file);
  const where =
    place === undefined || file === undefined
      ? {}
      : { file, line: String(place.line), col: String(place.column) };
  return workflowCommand({
    name: severity,
    properties: { ...where, title: code },
    message: help === undefined ? message : `${message}\nhelp: ${help}`,
  });
}
