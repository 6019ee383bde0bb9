/** What commander says of a wrong call, as a diagnostic like any other. */
import type { Command, CommanderError } from 'commander';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { CommandError } from './command-error.ts';

/** `error: unknown option '--pltform'\n(Did you mean --platform?)` becomes one sentence and what to do. */
export function usageError({ message }: CommanderError, command: Command): CommandError {
  const [sentence = '', guess = ''] = message.split(/\n(?=\(Did you mean )/);
  const meant = /^\(Did you mean (?:one of )?(.+)\?\)$/s.exec(guess)?.[1];
  return new CommandError('command/bad-argument', escapeText(sentence.replace(/^error: /, '')), {
    help: meant === undefined ? helpOf(command) : `did you mean \`${escapeText(meant)}\`?`,
  });
}

function helpOf(command: Command): string {
  const call = fullName(command);
  const help = `\`${call} --help\` says what it takes`;
  return command.name() === 'run' ? `${help}; what is for the container stands after --` : help;
}

/** `layerwright cache du`. */
function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}
