/**
 * The command's grammar: which commands there are, their flags and help. A command's code is loaded when it is called,
 * so `--version` and `--help` load almost nothing.
 */
import { Command, Option } from 'commander';
import { exitCodes } from '../core/diagnostic/exit-code.ts';
import { collectList, collectWhole, commonOptions, recipeOptions, registryOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/** Runs a command to its exit code. */
export type RunCommand = (invocation: Invocation, surroundings: Surroundings) => Promise<number>;

export interface Invocation {
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Program {
  readonly command: Command;
  /** Set by the action that was chosen. */
  readonly chosen: () => (() => Promise<number>) | undefined;
}

export function createProgram(version: string, surroundings: Surroundings): Program {
  let chosen: (() => Promise<number>) | undefined;
  const choose =
    (load: () => Promise<RunCommand>) =>
    (...received: unknown[]) => {
      const command = received.at(-1) as Command;
      const invocation = { operands: command.processedArgs.flat().filter(isText), options: command.opts() };
      chosen = async () => (await load())(invocation, surroundings);
    };
  const command = new Command('layerwright')
    .description('Builds OCI container images from a committed recipe: the same bytes on every machine.')
    .version(version)
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', exitCodeHelp());
  addBuildCommands(command, choose);
  addImageCommands(command, choose);
  addOtherCommands(command, choose);
  return { command, chosen: () => chosen };
}

type Choose = (load: () => Promise<RunCommand>) => (...received: unknown[]) => void;

function addBuildCommands(program: Command, choose: Choose): void {
  withOptions(program.command('build'), [
    ...recipeOptions(),
    new Option('-t, --tag <reference>', 'name the image REPO:TAG').argParser(collectList),
    new Option(
      '-o, --output <transport>',
      'deliver to oci:DIR, oci-archive:FILE, docker-archive:FILE, bundle:DIR, …',
    ).argParser(collectWhole),
    new Option('--push', 'push to the registry that the image is named after'),
    new Option('--plan <file>', 'execute a plan made elsewhere by `plan --out`'),
    new Option('--metadata-file <file>', 'write what was built as JSON, with the keys of buildx'),
    new Option('--digest-file <file>', 'write the digest of the image'),
    ...registryOptions(),
    ...commonOptions(),
  ])
    .description('make images from the recipe; deliver them where it, -o or --push say')
    .argument('[names...]', 'images of the recipe; all of them where none is named')
    .addHelpText(
      'after',
      examples(
        'layerwright build',
        'layerwright build -o oci:out/app -t registry.example/app:1.0',
        'layerwright build api --platform linux/arm64 --push',
      ),
    )
    .action(choose(async () => (await import('./commands/build.ts')).runBuild));
  withOptions(program.command('plan'), [
    ...recipeOptions(),
    new Option('-t, --tag <reference>', 'name the image REPO:TAG').argParser(collectList),
    new Option('-o, --output <transport>', 'where a build would deliver to').argParser(collectWhole),
    new Option('--out <file>', 'write the plan with its trees, for build --plan'),
    new Option('--exit-code', 'end with 10 where anything would be built'),
    new Option('--graph <format>', 'print the actions as a graph').choices(['mermaid']),
    ...registryOptions(),
    ...commonOptions(),
  ])
    .description('show each action with its key, cached or not and why; writes nothing')
    .argument('[names...]', 'images of the recipe; all of them where none is named')
    .addHelpText(
      'after',
      examples('layerwright plan', 'layerwright plan --exit-code', 'layerwright plan --out plan.json'),
    )
    .action(choose(async () => (await import('./commands/plan.ts')).runPlan));
}

function addImageCommands(program: Command, choose: Choose): void {
  const platform = (): Option =>
    new Option('--platform <list>', 'which platforms of an index').argParser(collectList);
  withOptions(program.command('inspect'), [
    new Option('--raw', 'print the manifest or index byte for byte'),
    platform(),
    ...registryOptions(),
    ...commonOptions(),
  ])
    .description('show an image’s manifest, configuration, layers and sizes')
    .argument('<reference>', 'an image by any transport')
    .addHelpText(
      'after',
      examples(
        'layerwright inspect oci:out/app',
        'layerwright inspect --raw docker.io/library/node:22',
        'layerwright inspect --json oci-archive:app.tar',
      ),
    )
    .action(choose(async () => (await import('./commands/inspect.ts')).runInspect));
  withOptions(program.command('ls'), [
    new Option('--layers', 'say which layer each file comes from'),
    platform(),
    ...registryOptions(),
    ...commonOptions(),
  ])
    .description('list the files of an image')
    .argument('<reference>', 'an image by any transport')
    .addHelpText(
      'after',
      examples(
        'layerwright ls oci:out/app',
        'layerwright ls --layers oci:out/app',
        'layerwright ls --json docker-archive:app.tar',
      ),
    )
    .action(choose(async () => (await import('./commands/ls.ts')).runLs));
  withOptions(program.command('push'), [...registryOptions(), ...commonOptions()])
    .description('push an image from a layout, archive or the store to a registry')
    .argument('<source>', 'an image by any transport')
    .argument('<destination>', 'REGISTRY/REPOSITORY[:TAG]')
    .addHelpText(
      'after',
      examples(
        'layerwright push oci:out/app registry.example/app:1.0',
        'layerwright push oci-archive:app.tar localhost:5000/app',
        'layerwright push --authfile auth.json oci:out/app registry.example/app',
      ),
    )
    .action(choose(async () => (await import('./commands/copy.ts')).runPush));
  withOptions(program.command('copy'), [platform(), ...registryOptions(), ...commonOptions()])
    .description('copy an image between transports with its digests unchanged')
    .argument('<source>', 'an image by any transport')
    .argument('<destination>', 'a transport that can be written')
    .addHelpText(
      'after',
      examples(
        'layerwright copy docker.io/library/node:22 oci:node',
        'layerwright copy oci:node oci-archive:node.tar',
        'layerwright copy --platform linux/arm64 oci:node docker-archive:node.tar',
      ),
    )
    .action(choose(async () => (await import('./commands/copy.ts')).runCopy));
  withOptions(program.command('bundle'), [
    new Option('--rootless', 'for an ordinary user: add a user namespace for the caller'),
    platform(),
    ...recipeRuntimeOptions(),
    ...registryOptions(),
    ...commonOptions(),
  ])
    .description('unpack an image into a runtime bundle for runc or crun')
    .argument('<reference>', 'an image by any transport')
    .argument('<dir>', 'the bundle’s folder')
    .addHelpText(
      'after',
      examples(
        'layerwright bundle oci:out/app bundle',
        'layerwright bundle --rootless oci:out/app bundle',
        'layerwright bundle --platform linux/arm64 oci:out/app bundle',
      ),
    )
    .action(choose(async () => (await import('./commands/bundle.ts')).runBundleCommand));
  withOptions(program.command('run'), [
    new Option('--runtime <path>', 'the runtime to use; else runc, else crun'),
    new Option('--network <mode>', 'the container’s network').choices(['none', 'host']),
    new Option('--rootless', 'for an ordinary user: add a user namespace for the caller'),
    platform(),
    ...recipeRuntimeOptions(),
    ...registryOptions(),
    ...commonOptions(),
  ])
    .description('run an image with runc or crun; ends with the container’s own status')
    .argument('<reference>', 'an image by any transport, or bundle:DIR')
    .argument('[args...]', 'after --: the command to run in place of the image’s own')
    .addHelpText(
      'after',
      examples(
        'layerwright run oci:out/app',
        'layerwright run oci:out/app -- /bin/sh -c id',
        'layerwright run --network host registry.example/app:1.0',
      ),
    )
    .action(choose(async () => (await import('./commands/run.ts')).runRun));
}

/** A recipe's `runtime:` shapes bundles of its images. */
function recipeRuntimeOptions(): Option[] {
  return [
    new Option('-f, --file <file>', 'take `runtime:` from this recipe'),
    new Option('--image <name>', 'the image of the recipe whose `runtime:` is taken'),
  ];
}

function addOtherCommands(program: Command, choose: Choose): void {
  withOptions(program.command('schema'), commonOptions())
    .description('print a JSON Schema')
    .argument('[name]', 'recipe', 'recipe')
    .addHelpText(
      'after',
      examples(
        'layerwright schema',
        'layerwright schema recipe > recipe.schema.json',
        'layerwright schema --json',
      ),
    )
    .action(choose(async () => (await import('./commands/schema.ts')).runSchema));
  const cache = program.command('cache').description('look at and trim the store');
  for (const [name, description] of cacheCommands) {
    const options = name === 'gc' ? [keepOption(), ...commonOptions()] : commonOptions();
    withOptions(cache.command(name), options)
      .description(description)
      .addHelpText(
        'after',
        examples(
          `layerwright cache ${name}`,
          `layerwright cache ${name} --json`,
          `layerwright cache ${name} -q`,
        ),
      )
      .action(choose(async () => (await import('./commands/cache.ts')).cacheCommand(name)));
  }
}

const cacheCommands = [
  ['ls', 'list what the store holds'],
  ['du', 'say where the store is and how large'],
  ['verify', 'read every blob and compare it with its digest'],
  ['gc', 'remove what no result names'],
] as const;

export type CacheCommandName = (typeof cacheCommands)[number][0];

function keepOption(): Option {
  return new Option('--keep-days <days>', 'keep results younger than this').default('30');
}

function withOptions(command: Command, options: readonly Option[]): Command {
  for (const option of options) command.addOption(option);
  return command;
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;
}

function exitCodeHelp(): string {
  const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
    done: 'done',
    failed: 'failed in a way not named here',
    usage: 'wrong usage or recipe, or a lock out of date',
    untrusted: 'untrusted content refused',
    integrity: 'a digest, checksum or rebuild differs',
    registry: 'registry or network, after retries',
    unauthorised: 'not authorised',
    resource: 'a local resource: disk, files, memory, permissions',
    userCommand: 'a command of yours failed',
    policy: 'a signature or policy is not satisfied',
    differs: 'with --exit-code: something differs',
    bug: 'a bug of ours',
  };
  const rows = Object.entries(exitCodes).map(
    ([name, code]) => `  ${String(code).padStart(3)}  ${meanings[name as keyof typeof exitCodes]}`,
  );
  return `\nExit codes:\n${rows.join('\n')}\n  130, 143  ended by a signal, after clean-up\n`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
