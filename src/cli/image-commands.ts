/** The commands that work on images as they are, wherever they stand. */
import { Option } from 'commander';
import type { CommandSpec } from './command-spec.ts';
import { collectList, loadOption, registryOptions } from './options.ts';

const reference = ['<reference>', 'an image by any transport'] as const;

function platformOption(): Option {
  return new Option(
    '--platform <platform>',
    'the one to take out of an index: os/arch[/variant], or local',
  ).argParser(collectList);
}

/** As platformOption, where several may be taken. */
function partOption(): Option {
  return new Option(
    '--platform <list>',
    'what to take out of an index: os/arch[/variant], or local; several get an index of their own',
  ).argParser(collectList);
}

/** Bundles are shaped by a recipe's `runtime:`. */
function bundleOptions(): Option[] {
  return [
    new Option('--rootless', 'for an ordinary user: add a user namespace for the caller'),
    new Option('-f, --file <file>', 'take `runtime:` from this recipe'),
    new Option('--image <name>', 'the image of the recipe whose `runtime:` is taken'),
    platformOption(),
    ...registryOptions(),
  ];
}

export function imageCommands(): CommandSpec[] {
  return [...lookCommands(), ...moveCommands(), ...repositoryCommands(), ...runCommands()];
}

function lookCommands(): CommandSpec[] {
  return [
    {
      name: 'inspect',
      description: 'show an image’s manifest, configuration, layers and sizes',
      operands: [reference],
      options: [
        new Option('--raw', 'print the manifest or index byte for byte'),
        new Option('--referrers', 'list what refers to it in its registry: signatures, SBOMs and others'),
        platformOption(),
        ...registryOptions(),
      ],
      examples: [
        'layerwright inspect oci:out/app',
        'layerwright inspect --raw docker.io/library/node:22',
        'layerwright inspect --json oci-archive:app.tar',
      ],
      load: async () => (await import('./commands/inspect.ts')).runInspect,
    },
    {
      name: 'ls',
      description: 'list the files of an image',
      operands: [reference],
      options: [
        new Option('--layers', 'list layer by layer, whiteouts too, in place of the merged files'),
        platformOption(),
        ...registryOptions(),
      ],
      examples: [
        'layerwright ls oci:out/app',
        'layerwright ls --layers oci:out/app',
        'layerwright ls --json docker-archive:app.tar',
      ],
      load: async () => (await import('./commands/ls.ts')).runLs,
    },
  ];
}

function moveCommands(): CommandSpec[] {
  return [
    {
      name: 'pull',
      description: 'bring an image into the store, or to a destination, with its digests unchanged',
      operands: [
        reference,
        ['[destination]', 'a transport that can be written; the store where there is none'],
      ],
      options: [partOption(), ...registryOptions()],
      examples: [
        'layerwright pull docker.io/library/node:22',
        'layerwright pull --platform linux/arm64 registry.example/app:1.0',
        'layerwright pull registry.example/app:1.0 oci-archive:app.tar',
      ],
      load: async () => (await import('./commands/pull.ts')).runPull,
    },
    {
      name: 'push',
      description: 'push an image from a layout, archive or the store to a registry',
      operands: [
        ['<source>', 'an image by any transport'],
        ['<destination>', 'REGISTRY/REPOSITORY[:TAG]'],
      ],
      options: [partOption(), ...registryOptions()],
      examples: [
        'layerwright push oci:out/app registry.example/app:1.0',
        'layerwright push oci-archive:app.tar localhost:5000/app',
        'layerwright push --authfile auth.json oci:out/app registry.example/app',
      ],
      load: async () => (await import('./commands/copy.ts')).runPush,
    },
    {
      name: 'copy',
      description: 'copy an image between transports with its digests unchanged',
      operands: [
        ['<source>', 'an image by any transport'],
        ['[destination]', 'a transport that can be written; none with --load'],
      ],
      options: [
        partOption(),
        loadOption(),
        new Option('--all-tags', 'copy every tag of a repository or layout, to a repository or layout'),
        ...registryOptions(),
      ],
      examples: [
        'layerwright copy docker.io/library/node:22 oci:node',
        'layerwright copy --platform linux/arm64 oci:node docker-archive:node.tar',
        'layerwright copy --all-tags registry.example/app mirror.example/app',
      ],
      load: async () => (await import('./commands/copy.ts')).runCopy,
    },
  ];
}

function repositoryCommands(): CommandSpec[] {
  return [
    {
      name: 'tags',
      description: 'list the tags of a repository in a registry',
      operands: [['<repository>', 'REGISTRY/REPOSITORY']],
      options: registryOptions(),
      examples: [
        'layerwright tags docker.io/library/node',
        'layerwright tags --json localhost:5000/app',
        'layerwright tags --authfile auth.json registry.example/app',
      ],
      load: async () => (await import('./commands/tags.ts')).runTags,
    },
    {
      name: 'delete',
      description: 'delete a tag in a registry, or a manifest with every tag of it',
      operands: [['<reference>', 'REGISTRY/REPOSITORY:TAG, or REGISTRY/REPOSITORY@DIGEST']],
      options: registryOptions(),
      examples: [
        'layerwright delete registry.example/app:1.0',
        `layerwright delete registry.example/app@sha256:${'0123456789abcdef'.repeat(4)}`,
        'layerwright delete --authfile auth.json registry.example/app:old',
      ],
      load: async () => (await import('./commands/delete.ts')).runDelete,
    },
  ];
}

function runCommands(): CommandSpec[] {
  return [
    {
      name: 'bundle',
      description: 'unpack an image into a runtime bundle for runc or crun',
      operands: [reference, ['<dir>', 'the bundle’s folder']],
      options: bundleOptions(),
      examples: [
        'layerwright bundle oci:out/app bundle',
        'layerwright bundle -f oci.config.yaml --rootless oci:out/app bundle',
        'layerwright bundle --platform linux/arm64 oci:out/app bundle',
      ],
      load: async () => (await import('./commands/bundle.ts')).runBundle,
    },
    {
      name: 'run',
      description: 'run an image with runc or crun; ends with the container’s own status',
      operands: [
        ['<reference>', 'an image by any transport, or bundle:DIR'],
        ['[args...]', 'after --: arguments for the entrypoint, in place of the image’s `cmd`'],
      ],
      options: [
        new Option('--runtime <path>', 'the runtime to use; else runc, else crun'),
        new Option('--network <mode>', 'the container’s network').choices(['none', 'host']),
        ...bundleOptions(),
      ],
      examples: [
        'layerwright run oci:out/app',
        'layerwright run -f oci.config.yaml oci:out/app -- /bin/sh -c id',
        'layerwright run --network host registry.example/app:1.0',
      ],
      load: async () => (await import('./commands/run.ts')).runRun,
    },
  ];
}
