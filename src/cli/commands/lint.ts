/** `layerwright lint`: what is seldom meant of the recipe's images, each with its place and cure. Executes nothing. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { catalogue } from '../../core/diagnostic/catalogue.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { suggestion } from '../../core/diagnostic/suggest.ts';
import type { SourceText } from '../../core/diagnostic/source-text.ts';
import { excludeLeftovers } from '../../core/lint/exclude-leftovers.ts';
import { createMemoryStore } from '../../io/store/memory-store.ts';
import { overlayStore } from '../../io/store/overlay-store.ts';
import { type Linted, lintRecipe } from '../../lint.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../command-spec.ts';
import type { CommonOptions, LockOptions, RecipeOptions, RegistryOptions } from '../options.ts';
import { type Session, withSession } from '../session.ts';
import { sessionRecipe } from '../session-recipe.ts';
import type { Surroundings } from '../surroundings.ts';
import { replaceTextFile } from '../write-file.ts';

interface LintOptions extends RecipeOptions, RegistryOptions, LockOptions, CommonOptions {
  readonly allow?: readonly string[];
  readonly exitCode?: boolean;
  readonly fix?: boolean;
}

export function runLint(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as LintOptions;
  return withSession({ options, surroundings, access: 'read-only' }, async (session) => {
    const allowed = allowedCodes(options);
    const lint = await linter(invocation.operands, options, { session, surroundings });
    const linted = options.fix === true ? await mended(lint, options, session) : await lint.run(lint.source);
    const diagnostics = linted.diagnostics.filter(({ code }) => !allowed.has(code));
    if (options.json !== true) for (const diagnostic of diagnostics) session.show(diagnostic);
    surroundings.stdout.write(lintText(diagnostics, options));
    return options.exitCode === true && diagnostics.length > 0 ? exitCodes.differs : exitCodes.done;
  });
}

function allowedCodes({ allow = [] }: LintOptions): ReadonlySet<string> {
  const known = Object.keys(catalogue);
  const unknown = allow.find((code) => !known.includes(code));
  if (unknown === undefined) return new Set(allow);
  const help = suggestion(
    unknown,
    known.filter((code) => code.startsWith('lint/')),
  );
  throw new CommandError('command/bad-argument', `--allow: there is no rule \`${escapeText(unknown)}\``, {
    ...(help === undefined ? {} : { help }),
  });
}

interface Linter {
  readonly source: SourceText;
  readonly run: (source: SourceText) => Promise<Linted>;
}

/** Lints the recipe, with another text in place of its own where it was mended. */
async function linter(
  names: readonly string[],
  options: LintOptions,
  { session, surroundings }: { readonly session: Session; readonly surroundings: Surroundings },
): Promise<Linter> {
  const call = { options, names, access: 'read-only', lacking: 'refuse' } as const;
  const request = await sessionRecipe(call, session, surroundings);
  const { home } = surroundings;
  return {
    source: request.source,
    run: async (source) => {
      session.addSource(source);
      const store = overlayStore(session.store, createMemoryStore());
      return session.valueOf(await lintRecipe({ ...request, source, home }, { ...session, store }));
    },
  };
}

/** Writes the recipe without its leftovers, and lints it again. */
async function mended({ source, run }: Linter, options: LintOptions, session: Session): Promise<Linted> {
  if (!existsSync(resolve(session.folder, source.name))) {
    throw new CommandError('command/bad-argument', `--fix: ${escapeText(source.name)} is no file to change`, {
      help: 'name a recipe in YAML or JSON with -f',
    });
  }
  const linted = await run(source);
  const allowed = allowedCodes(options);
  const better = excludeLeftovers(
    source,
    linted.findings.filter(({ code }) => !allowed.has(code)),
  );
  if (better.text === source.text) return linted;
  replaceTextFile(session.folder, source.name, better.text);
  return run(better);
}

/** How often each rule was met; all of it under --json. */
function lintText(diagnostics: readonly Diagnostic[], { json }: LintOptions): string {
  if (json === true) return `${JSON.stringify({ findings: diagnostics }, undefined, 2)}\n`;
  const counts = new Map<string, number>();
  for (const { code } of diagnostics) counts.set(code, (counts.get(code) ?? 0) + 1);
  if (counts.size === 0) return 'nothing found\n';
  return [...counts].map(([code, count]) => `${String(count).padStart(3)}  ${code}\n`).join('');
}
