/** Which actions run although their result is known: all with --no-cache, one with --no-cache=LABEL. */
import { suggestion } from '../core/diagnostic/suggest.ts';
import type { Action, Plan } from '../core/plan/plan.ts';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { CommandError } from './command-error.ts';
import type { RecipeOptions } from './options.ts';

/** Throws `command/bad-argument` for a label that the plan does not have. */
export function ignoredActions(
  { cache, rebuild = [] }: RecipeOptions,
  plan: Plan,
): (action: Action) => boolean {
  const labels = plan.actions.map((action) => action.label);
  const unknown = rebuild.find((label) => !labels.includes(label));
  if (unknown !== undefined) {
    const help = suggestion(unknown, labels);
    throw new CommandError('command/bad-argument', `the plan has no action \`${escapeText(unknown)}\``, {
      ...(help === undefined ? {} : { help }),
    });
  }
  return (action) => !cache || rebuild.includes(action.label);
}
