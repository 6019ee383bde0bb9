/** The command that prints completion for shells; it is made of all others, and of itself. */
import type { CommandSpec } from './command-spec.ts';
import { type CommandSet, grammar } from './grammar.ts';

const shells = ['bash', 'zsh', 'fish', 'powershell'];

export function completionCommand(all: () => CommandSet): CommandSpec {
  return {
    name: 'completion',
    description: 'print what completes this command in a shell',
    operands: [['<shell>', `one of ${shells.join(', ')}`, shells]],
    options: [],
    examples: [
      'layerwright completion bash > ~/.local/share/bash-completion/completions/layerwright',
      'layerwright completion zsh > "${fpath[1]}/_layerwright"',
      'layerwright completion fish > ~/.config/fish/completions/layerwright.fish',
    ],
    load: async () => (await import('./commands/completion.ts')).completionOf(grammar(all())),
  };
}
