/** `diff --max-growth`: an image that has grown by more than somebody set ends the command. */
import type { ImageDifferences } from '../core/compare/diff-images.ts';
import { formatExactBytes } from '../io/render/quantity.ts';
import { CommandError } from './command-error.ts';

/** `most` are bytes. Throws `command/grew-too-much`. */
export function refuseGrowth(
  { before, after }: Pick<ImageDifferences, 'before' | 'after'>,
  most: number,
): void {
  const growth = after.size - before.size;
  if (growth <= most) return;
  throw new CommandError('command/grew-too-much', `B is ${formatExactBytes(growth)} larger than A`, {
    help: `--max-growth allows ${formatExactBytes(most)}; the differences above say what grew`,
  });
}
