/** The values of a recipe's arguments: the command line's, else the environment variable's, else the default. */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { quoteText } from '../diagnostic/escape-text.ts';
import { joinPointer } from '../diagnostic/source-text.ts';
import { suggestion } from '../diagnostic/suggest.ts';
import type { Recipe } from './recipe.ts';
import type { Report } from './reporter.ts';

export interface GivenValues {
  /** `--arg NAME=VALUE`. */
  readonly args: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** By name. An argument that has no value is reported where it is declared. */
export function argumentValues(recipe: Recipe, given: GivenValues, report: Report): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, { env, default: fallback }] of Object.entries(recipe.args)) {
    const fromEnvironment = env !== undefined && Object.hasOwn(given.env, env) ? given.env[env] : undefined;
    const fromCommand = Object.hasOwn(given.args, name) ? given.args[name] : undefined;
    const value = fromCommand ?? fromEnvironment ?? fallback;
    if (value !== undefined) values.set(name, value);
    else {
      report(joinPointer('/args', name), missingValue(name, env), 'key');
    }
  }
  return values;
}

function missingValue(name: string, env: string | undefined) {
  const variable = env === undefined ? '' : `, by the environment variable ${env}`;
  return {
    code: 'recipe/missing-argument',
    message: `the argument ${quoteText(name)} has no value`,
    help: `give it by --arg ${name}=VALUE${variable}, or declare a default`,
  } as const;
}

/** `--arg` for what the recipe does not declare; it stands in no text, so it has no place. */
export function undeclaredArguments(recipe: Recipe, given: GivenValues): Diagnostic[] {
  const declared = Object.keys(recipe.args);
  return Object.keys(given.args)
    .filter((name) => !declared.includes(name))
    .map((name) => ({
      code: 'recipe/undeclared-argument',
      severity: 'error',
      message: `--arg ${quoteText(name)}: the recipe declares no such argument`,
      help: suggestion(name, declared) ?? 'declare it below `args:`',
    }));
}
