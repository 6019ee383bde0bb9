/** What makeRuntimeConfig says, as diagnostics. */
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { escapeText, quoteText } from '../../core/diagnostic/escape-text.ts';
import type { RuntimeProblem, RuntimeWarning } from '../../core/oci/runtime-options.ts';
import { BundleError } from './bundle-error.ts';

/** The first problem; the others follow in the same sentence, since a failure is one. */
export function runtimeFailure(problems: readonly [RuntimeProblem, ...RuntimeProblem[]]): BundleError {
  const [first] = problems;
  const words = problems
    .map(({ pointer, message }) => `${quoteText(pointer)} ${escapeText(message)}`)
    .join('; ');
  return first.source === 'image'
    ? new BundleError('bundle/bad-image', `the image config cannot be run: ${words}`, {
        help: 'the image is damaged or hostile; set these in a recipe that builds on it',
      })
    : new BundleError('bundle/bad-runtime', `the bundle cannot be made as asked: ${words}`, {
        help: 'correct `runtime` in the recipe, or the arguments',
      });
}

export function runtimeDiagnostic(warning: RuntimeWarning): Diagnostic {
  return { severity: 'warning', ...describe(warning) };
}

function describe(warning: RuntimeWarning): Omit<Diagnostic, 'severity'> {
  switch (warning.kind) {
    case 'labels-left-out':
      return {
        code: 'bundle/labels-left-out',
        message: `labels that a runtime could take for orders are no annotations of the bundle: ${listed(warning.keys)}`,
        help: 'add them to config.json by hand if you trust the image',
      };
    case 'no-command':
      return {
        code: 'bundle/no-command',
        message: 'the image says no command, so the bundle runs `sh`',
        help: 'set `cmd` or `entrypoint` in the recipe, or give a command after --',
      };
    case 'limits-not-applied':
      return {
        code: 'bundle/limits-not-applied',
        message: `an ordinary user cannot set ${listed(warning.options)} of \`runtime\`, so the bundle has no such limits`,
        help: 'make the bundle as root, without --rootless',
      };
    case 'groups-not-applied':
      return {
        code: 'bundle/groups-not-applied',
        message: `an ordinary user cannot give a process further groups, so these are left out: ${listed(warning.gids.map(String))}`,
        help: 'give yourself id ranges in /etc/subuid and /etc/subgid, or make the bundle as root',
      };
    case 'user-not-mapped':
      return {
        code: 'bundle/user-not-mapped',
        message: `the image's user ${String(warning.uid)}:${String(warning.gid)} has no id in your user namespace, so the process runs as you`,
        help: 'give yourself id ranges in /etc/subuid and /etc/subgid',
      };
  }
}

const shown = 5;

function listed(names: readonly string[]): string {
  const more = names.length > shown ? ` and ${String(names.length - shown)} more` : '';
  return `${names
    .slice(0, shown)
    .map((name) => quoteText(name))
    .join(', ')}${more}`;
}
