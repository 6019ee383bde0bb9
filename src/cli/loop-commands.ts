/** The commands of the daily loop: they show what changed and why. */
import { Option } from 'commander';
import type { CommandSpec } from './command-spec.ts';
import { parseByteCount } from './byte-count.ts';
import { outputOption, tagOption } from './build-commands.ts';
import {
  collectList,
  loadOption,
  lockOptions,
  parseCount,
  parseSeconds,
  recipeOptions,
  recipeSourceOptions,
  registryOptions,
} from './options.ts';

export function loopCommands(): CommandSpec[] {
  return [watchCommand(), diffCommand()];
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

function diffCommand(): CommandSpec {
  const image = 'an image by any transport, plan:FILE, or build: what the recipe would give now';
  return {
    name: 'diff',
    description:
      'show how two images differ, and the bytes that a host holding the first pulls of the second',
    operands: [
      ['<a>', image],
      ['<b>', 'likewise'],
    ],
    options: [
      new Option('--stat', 'print totals alone'),
      new Option('--exit-code', 'end with 10 where anything differs'),
      new Option(
        '--max-growth <size>',
        'end with 10 where B is larger than A by more: 5MB, 512KiB',
      ).argParser(parseByteCount),
      ...recipeSourceOptions(),
      new Option('--image <name>', 'the image of the recipe or plan that is meant, where it makes several'),
      new Option('--platform <platform>', 'the one to compare: os/arch[/variant], or local').argParser(
        collectList,
      ),
      new Option('--jobs <n>', 'how many actions run at once').argParser(parseCount),
      ...lockOptions(),
      ...registryOptions(),
    ],
    examples: [
      'layerwright diff registry.example/app:1.0 build',
      'layerwright diff --stat oci:out/app oci-archive:app.tar',
      'layerwright diff --max-growth 5MB registry.example/app:latest build',
    ],
    load: async () => (await import('./commands/diff.ts')).runDiff,
  };
}
