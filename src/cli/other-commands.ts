/** The commands about layerwright itself: its schemas and its store. */
import { Option } from 'commander';
import type { CommandSpec } from './command-spec.ts';
import { parseDays, registryOptions } from './options.ts';

const schemaCommand: CommandSpec = {
  name: 'schema',
  description: 'print a JSON Schema',
  operands: [['[name]', '`recipe` (the default), `lock` or `events`', ['recipe', 'lock', 'events']]],
  options: [],
  examples: [
    'layerwright schema',
    'layerwright schema recipe > recipe.schema.json',
    'layerwright schema events',
  ],
  load: async () => (await import('./commands/schema.ts')).runSchema,
};

const doctorCommand: CommandSpec = {
  name: 'doctor',
  description: 'say what is here and what is missing, and which credentials a registry gets',
  operands: [],
  options: [
    new Option('--registry <host>', 'ask this registry (HOST, or HOST/REPOSITORY)'),
    ...registryOptions(),
  ],
  examples: [
    'layerwright doctor',
    'layerwright doctor --registry ghcr.io',
    'layerwright doctor --registry registry.example/team/api --json',
  ],
  load: async () => (await import('./commands/doctor.ts')).runDoctor,
};

export function otherCommands(): CommandSpec[] {
  return [
    schemaCommand,
    doctorCommand,
    cacheCommand(
      'ls',
      'list what the store holds',
      async () => (await import('./commands/cache.ts')).listCache,
    ),
    cacheCommand(
      'du',
      'say where the store is and how large',
      async () => (await import('./commands/cache.ts')).measureCache,
    ),
    cacheCommand(
      'verify',
      'read every blob and compare it with its digest',
      async () => (await import('./commands/cache.ts')).verifyCache,
    ),
    {
      ...cacheCommand(
        'gc',
        'remove what has not been used lately',
        async () => (await import('./commands/cache.ts')).trimCache,
      ),
      options: [
        new Option('--keep-days <days>', 'keep what was used within this many days')
          .argParser(parseDays)
          .default(14),
      ],
    },
  ];
}

function cacheCommand(verb: string, description: string, load: CommandSpec['load']): CommandSpec {
  const call = `layerwright cache ${verb}`;
  const elsewhere = `LAYERWRIGHT_CACHE_DIR=/mnt/cache ${call}`;
  return {
    name: `cache ${verb}`,
    description,
    operands: [],
    options: [],
    examples: [call, `${call} --json`, elsewhere],
    load,
  };
}
