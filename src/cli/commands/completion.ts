/** `layerwright completion`: a script for a shell, made from the grammar. */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { suggestion } from '../../core/diagnostic/suggest.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../command-spec.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { powershellCompletion } from '../completion/powershell.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { type Grammar, grammar } from '../grammar.ts';
import type { Surroundings } from '../surroundings.ts';

const scripts = new Map<string, (grammar: Grammar) => string>([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
  ['powershell', powershellCompletion],
]);

export function runCompletion(invocation: Invocation, { stdout }: Surroundings): Promise<number> {
  const [shell = ''] = invocation.operands;
  const script = scripts.get(shell);
  if (script === undefined) {
    const help = suggestion(shell, [...scripts.keys()]);
    throw new CommandError('command/bad-argument', `there is no completion for \`${escapeText(shell)}\``, {
      ...(help === undefined ? {} : { help }),
    });
  }
  stdout.write(script(grammar()));
  return Promise.resolve(exitCodes.done);
}
