/** How a command shows what happens, and how it says what ended it. */
import type { RendererKind } from '../io/render/create-renderer.ts';
import type { Screen } from '../io/render/renderer.ts';
import { optionAsked } from './option-asked.ts';
import type { CommonOptions } from './options.ts';
import type { ReportStyle } from './report-error.ts';
import type { Surroundings } from './surroundings.ts';

type Env = Surroundings['env'];

/** Whether this is a step of GitHub Actions. */
export function isGithubStep(env: Env): boolean {
  return env['GITHUB_ACTIONS'] === 'true';
}

/**
 * `auto` redraws on a terminal that can move its cursor. Elsewhere it prints lines: of JSON where the result is JSON too,
 * with annotations in a step of GitHub Actions.
 */
export function rendererKind(
  { quiet, progress, json }: Pick<CommonOptions, 'quiet' | 'progress' | 'json'>,
  { screen, env }: { readonly screen: Pick<Screen, 'isTty'>; readonly env: Env },
): RendererKind {
  if (quiet === true) return 'quiet';
  if (progress !== 'auto') return progress;
  if (screen.isTty && env['TERM'] !== 'dumb') return 'tty';
  if (json === true) return 'json';
  return isGithubStep(env) ? 'github' : 'plain';
}

export function reportStyle(
  { json, progress }: Pick<CommonOptions, 'progress' | 'json'>,
  { kind, env }: { readonly kind: RendererKind; readonly env: Env },
): ReportStyle {
  if (json === true || progress === 'json') return 'json';
  const isGithub = kind === 'github' || (kind === 'quiet' && isGithubStep(env));
  return isGithub ? 'github' : 'text';
}

/** What the arguments say of it, for errors that end a command before they are parsed. */
export function reportStyleAsked(argv: readonly string[], env: Env): ReportStyle {
  const progress = optionAsked(argv, '--progress');
  if (argv.includes('--json') || progress === 'json') return 'json';
  if (progress === 'github') return 'github';
  return isGithubStep(env) && (progress === undefined || progress === 'auto') ? 'github' : 'text';
}
