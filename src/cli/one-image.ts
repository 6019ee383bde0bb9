/** The one image of a plan that a command is about. */
import { escapeText, quoteText } from '../core/diagnostic/escape-text.ts';
import type { Plan, PlannedImage } from '../core/plan/plan.ts';
import { CommandError } from './command-error.ts';

/** Throws `command/bad-argument` where no image is called so, or where several are there and none was named. */
export function oneImage({ images }: Plan, wanted: string | undefined, cure: string): PlannedImage {
  const [found, second] = images.filter(({ name }) => wanted === undefined || name === wanted);
  if (found !== undefined && second === undefined) return found;
  const list = images.map(({ name }) => escapeText(name)).join(', ');
  const [message, help] =
    found === undefined
      ? [`the plan makes no image ${quoteText(wanted ?? '')}`, `it makes ${list}`]
      : [`one image is needed here, and there are ${list}`, cure];
  throw new CommandError('command/bad-argument', message, { help });
}
