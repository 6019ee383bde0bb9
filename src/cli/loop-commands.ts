/** The commands of every day: what changed, why, and whether what was released can be proved. */
import { Option } from 'commander';
import type { CommandSpec } from './command-spec.ts';
import { collectList, collectWhole, parseCount, registryOptions } from './options.ts';

export function loopCommands(): CommandSpec[] {
  return [verifyCommand()];
}

function verifyCommand(): CommandSpec {
  return {
    name: 'verify',
    description: 'hold an image against its own promises, or against what its recipe gives',
    operands: [['[reference]', 'an image by any transport, or bundle:DIR; none with --twice alone']],
    options: [
      new Option('--rebuild', 'build the recipe again by its lock, and name the first difference'),
      new Option('--twice', 'build the recipe twice under other circumstances, and compare'),
      new Option('-f, --file <file>', 'the recipe; - reads it from standard input'),
      new Option('--image <name>', 'the image of the recipe that is built, where it makes several'),
      new Option('--arg <key=value>', 'a value for one of the recipe’s args').argParser(collectWhole),
      new Option('--platform <list>', 'the platforms to verify: os/arch[/variant], or local').argParser(
        collectList,
      ),
      new Option('--jobs <n>', 'how many actions run at once').argParser(parseCount),
      ...registryOptions(),
    ],
    examples: [
      'layerwright verify registry.example/app:1.0',
      'layerwright verify --rebuild registry.example/app:1.0',
      'layerwright verify --twice',
    ],
    load: async () => (await import('./commands/verify.ts')).runVerify,
  };
}
