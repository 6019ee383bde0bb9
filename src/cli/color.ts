/** Whether output is coloured. */
import type { ColorMode } from './options.ts';
import { optionAsked } from './option-asked.ts';
import type { Surroundings } from './surroundings.ts';

/** What the arguments say of colour, for errors that end a command before they are parsed. */
export function colorAsked(argv: readonly string[]): ColorMode {
  const value = optionAsked(argv, '--color');
  return value === 'always' || value === 'never' ? value : 'auto';
}

/** --color decides; else NO_COLOR (no-color.org), then FORCE_COLOR, then whether it is a terminal that has colours. */
export function useColor(
  mode: ColorMode,
  screen: { readonly env: Surroundings['env']; readonly isTty: boolean },
): boolean {
  if (mode !== 'auto') return mode === 'always';
  const { NO_COLOR: none, FORCE_COLOR: force } = screen.env;
  if (none !== undefined && none !== '') return false;
  if (force !== undefined && force !== '') return force !== '0';
  return screen.isTty && screen.env['TERM'] !== 'dumb';
}
