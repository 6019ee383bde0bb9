/** The commands of every day: they build again, and show what changed and why. */
import { Option } from 'commander';
import { outputOption, tagOption } from './build-commands.ts';
import type { CommandSpec } from './command-spec.ts';
import {
  loadOption,
  lockOptions,
  parseCount,
  parseSeconds,
  recipeOptions,
  registryOptions,
} from './options.ts';

export function loopCommands(): CommandSpec[] {
  return [watchCommand()];
}

function watchCommand(): CommandSpec {
  return {
    name: 'watch',
    description: 'build, and build again when something that the build reads has changed',
    operands: [['[names...]', 'images of the recipe; all of them where none is named']],
    options: [
      ...recipeOptions(),
      new Option('--jobs <n>', 'how many actions run at once').argParser(parseCount),
      tagOption(),
      outputOption(),
      new Option('--push', 'push each image to the registry that it is named after'),
      loadOption(),
      new Option('--serve [host:port]', 'serve the last good images as a registry, on loopback'),
      new Option('--exec <command>', 'run this after each good build; the one before is ended first'),
      new Option(
        '--poll <seconds>',
        'look for changes so often too, where the system tells of none',
      ).argParser(parseSeconds),
      ...lockOptions(),
      ...registryOptions(),
    ],
    examples: [
      'layerwright watch',
      'layerwright watch --serve=127.0.0.1:5000',
      'layerwright watch api -o rootfs:run --exec "run/bin/server"',
    ],
    load: async () => (await import('./commands/watch.ts')).runWatch,
  };
}
