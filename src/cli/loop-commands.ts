/** The commands of the daily loop, from the first recipe on. */
import { Option } from 'commander';
import type { CommandSpec } from './command-spec.ts';
import { collectList, lockOptions, recipeOptions, registryOptions } from './options.ts';

function initCommand(): CommandSpec {
  return {
    name: 'init',
    description: 'write the first recipe of a project',
    operands: [['[dir]', 'the project’s folder; the working folder where none is named']],
    options: [
      new Option('--image <reference>', 'what the image is called, such as ghcr.io/acme/api'),
      new Option('--from <reference>', 'what it builds on'),
      new Option('--force', 'replace an oci.config.yaml that is there'),
    ],
    examples: [
      'layerwright init',
      'layerwright init services/api --image ghcr.io/acme/api',
      'layerwright init --from node:24-slim --force',
    ],
    load: async () => (await import('./commands/init.ts')).runInit,
  };
}

function lintCommand(): CommandSpec {
  return {
    name: 'lint',
    description: 'look for what is seldom meant: root, secrets, leftovers, traces of the build',
    operands: [['[names...]', 'images of the recipe; all of them where none is named']],
    options: [
      ...recipeOptions(),
      new Option('--allow <rule>', 'say nothing of a rule, such as lint/setuid').argParser(collectList),
      new Option('--exit-code', 'end with 10 where anything is found'),
      new Option('--fix', 'write into the recipe what is mended safely: leftovers are excluded'),
      ...lockOptions(),
      ...registryOptions(),
    ],
    examples: [
      'layerwright lint',
      'layerwright lint --exit-code --allow lint/setuid',
      'layerwright lint api --json',
    ],
    load: async () => (await import('./commands/lint.ts')).runLint,
  };
}

export function loopCommands(): CommandSpec[] {
  return [initCommand(), lintCommand()];
}
