/** The commands of the lock. */
import { Option } from 'commander';
import type { CommandSpec } from './command-spec.ts';
import { collectWhole, registryOptions } from './options.ts';

function lockedRecipeOptions(): Option[] {
  return [
    new Option('-f, --file <file>', 'the recipe; - reads it from standard input'),
    new Option('--arg <key=value>', 'a value for one of the recipe’s args').argParser(collectWhole),
    ...registryOptions(),
  ];
}

export function lockCommands(): CommandSpec[] {
  return [
    {
      name: 'lock',
      description: 'pin in oci.lock what the recipe reads from elsewhere: images, URLs, packages',
      operands: [],
      options: [
        new Option('--check', 'only say whether oci.lock is what the recipe needs; asks nobody'),
        ...lockedRecipeOptions(),
      ],
      examples: [
        'layerwright lock',
        'layerwright lock --check',
        'layerwright lock -f oci.config.yaml --json',
      ],
      load: async () => (await import('./commands/lock.ts')).runLock,
    },
    {
      name: 'outdated',
      description: 'list what oci.lock pins and what has moved since: tags, URLs, packages',
      operands: [],
      options: [new Option('--exit-code', 'end with 10 where anything has moved'), ...lockedRecipeOptions()],
      examples: ['layerwright outdated', 'layerwright outdated --exit-code', 'layerwright outdated --json'],
      load: async () => (await import('./commands/outdated.ts')).runOutdated,
    },
    {
      name: 'update',
      description: 'pin what tags, URLs and suites of packages give now',
      operands: [
        [
          '[names...]',
          'references, repositories, URLs or packages of the recipe; all of them where none is named',
        ],
      ],
      options: lockedRecipeOptions(),
      examples: ['layerwright update', 'layerwright update node', 'layerwright update node:22-slim --json'],
      load: async () => (await import('./commands/update.ts')).runUpdate,
    },
  ];
}
