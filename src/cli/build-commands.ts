/** The commands that read a recipe or a plan. */
import { Option } from 'commander';
import type { CommandSpec } from './command-spec.ts';
import {
  collectList,
  collectWhole,
  loadOption,
  lockOptions,
  parseCount,
  recipeOptions,
  registryOptions,
} from './options.ts';

const names = [['[names...]', 'images of the recipe; all of them where none is named']] as const;

/** A plan has decided what these say. */
const decided = ['file', 'arg', 'platform', 'tag'];

export function tagOption(): Option {
  return new Option('-t, --tag <reference>', 'name the image REPO:TAG').argParser(collectList);
}

export function outputOption(): Option {
  const transports =
    'oci:DIR, oci-archive:FILE, docker-archive:FILE, bundle:DIR, rootfs:DIR or REGISTRY/REPO:TAG';
  return new Option('-o, --output <transport>', `deliver to ${transports}`).argParser(collectWhole);
}

export function buildCommands(): CommandSpec[] {
  return [
    {
      name: 'build',
      description: 'make images from the recipe; deliver them where it, -o or --push say',
      operands: names,
      options: [
        ...recipeOptions(),
        new Option('--jobs <n>', 'how many actions run at once').argParser(parseCount),
        tagOption(),
        outputOption(),
        new Option('--push', 'push to the registry that the image is named after'),
        loadOption(),
        new Option(
          '--cache-from <repository>',
          'take layers from a registry’s repository where it has them',
        ).argParser(collectList),
        new Option('--cache-to <repository>', 'write the layers to a registry’s repository').argParser(
          collectList,
        ),
        new Option('--plan <file>', 'execute a plan made elsewhere by `plan --out`').conflicts(decided),
        new Option('--metadata-file <file>', 'write what was built as JSON, with the keys of buildx'),
        new Option('--digest-file <file>', 'write the digest of the image'),
        ...lockOptions(),
        ...registryOptions(),
      ],
      examples: [
        'layerwright build',
        'layerwright build -o oci:out/app -t registry.example/app:1.0',
        'layerwright build api --platform linux/arm64 --push',
      ],
      load: async () => (await import('./commands/build.ts')).runBuild,
    },
    {
      name: 'plan',
      description: 'show each action with its key, cached or not and why; writes nothing',
      operands: names,
      options: [
        ...recipeOptions(),
        tagOption(),
        outputOption(),
        new Option('--out <file>', 'write the plan with its trees, for build --plan'),
        new Option('--exit-code', 'end with 10 where anything would be built'),
        new Option('--graph <format>', 'print the actions as a graph').choices(['mermaid']),
        ...lockOptions(),
        ...registryOptions(),
      ],
      examples: ['layerwright plan', 'layerwright plan --exit-code', 'layerwright plan --out plan.json'],
      load: async () => (await import('./commands/plan.ts')).runPlan,
    },
  ];
}
