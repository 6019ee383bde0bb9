/** Colours of a terminal, where it has any (ECMA-48, 8.3.117, SGR). */
import type { Screen } from './renderer.ts';

export const dim = '2';
export const red = '31';
export const green = '32';
export const yellow = '33';

export function paint(text: string, parameter: string, screen: Pick<Screen, 'color'>): string {
  return screen.color ? `\u001b[${parameter}m${text}\u001b[0m` : text;
}
