/** Whether output is coloured. */
import type { ColorMode } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** What the arguments say of colour, for errors that end a command before they are parsed. */
export function colorAsked(argv: readonly string[]): ColorMode {
  const at = argv.findIndex((argument) => argument === '--color' || argument.startsWith('--color='));
  const value = argv[at]?.includes('=') === true ? argv[at].slice('--color='.length) : argv[at + 1];
  return at >= 0 && (value === 'always' || value === 'never') ? value : 'auto';
}

/** --color decides; else NO_COLOR (no-color.org), then FORCE_COLOR, then whether it is a terminal. */
export function useColor(
  mode: ColorMode,
  screen: { readonly env: Surroundings['env']; readonly isTty: boolean },
): boolean {
  if (mode !== 'auto') return mode === 'always';
  const { NO_COLOR: none, FORCE_COLOR: force } = screen.env;
  if (none !== undefined && none !== '') return false;
  if (force !== undefined && force !== '') return force !== '0';
  return screen.isTty;
}
