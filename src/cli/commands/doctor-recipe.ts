/** The recipe that commands find here, and whether its lock pins all that it reads. Asks no registry. */
import { relative } from 'node:path';
import { parseRecipe } from '../../core/recipe/parse-recipe.ts';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { diagnosticOf, DiagnosticsError, Failure } from '../../core/diagnostic/failure.ts';
import { checkLock } from '../../lock.ts';
import type { CommonOptions } from '../options.ts';
import { lockingRequest } from '../locking-request.ts';
import type { Session } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Check } from './doctor-report.ts';

export async function checkRecipe(
  options: CommonOptions,
  session: Session,
  surroundings: Surroundings,
): Promise<Check[]> {
  try {
    const request = await lockingRequest(options, session, surroundings);
    const { source, folder } = request;
    const parsed = parseRecipe(source);
    if (!parsed.ok) return [problem('recipe', parsed.diagnostics)];
    const from = relative(session.folder, folder);
    const found = from === '' ? source.name : `${source.name}, whose folder is ${from}`;
    const checked = checkLock(request);
    return [
      { name: 'recipe', state: 'fine', found },
      checked.ok
        ? { name: 'lock', state: 'fine', found: `${request.lock.name} is complete` }
        : problem('lock', checked.diagnostics),
    ];
  } catch (error) {
    const diagnostics = diagnosticsIn(error);
    const isMissing = diagnostics[0]?.code === 'command/no-recipe';
    return [{ ...problem('recipe', diagnostics), ...(isMissing && { state: 'missing' as const }) }];
  }
}

function diagnosticsIn(error: unknown): readonly Diagnostic[] {
  if (error instanceof DiagnosticsError) return error.diagnostics;
  if (error instanceof Failure) return [diagnosticOf(error)];
  throw error;
}

/** The first of them with its line; the command that is about it says the rest. */
function problem(name: 'recipe' | 'lock', diagnostics: readonly Diagnostic[]): Check {
  const [first, ...rest] = diagnostics;
  const place = first?.place;
  const where = place === undefined ? '' : `${place.file}:${String(place.line)}: `;
  const more = rest.length === 0 ? '' : `, and ${String(rest.length)} more`;
  const found = `${where}${first?.message ?? ''}${more}`;
  return { name, state: 'doubtful', found, ...(first?.help === undefined ? {} : { help: first.help }) };
}
