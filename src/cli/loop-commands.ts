/** The commands of the daily loop, from the first recipe on: they show what changed and why. */
import { Option } from 'commander';
import { outputOption, tagOption } from './build-commands.ts';
import { parseByteCount } from './byte-count.ts';
import type { CommandSpec } from './command-spec.ts';
import {
  collectList,
  collectWhole,
  loadOption,
  lockOptions,
  parseCount,
  parseSeconds,
  recipeOptions,
  recipeSourceOptions,
  registryOptions,
} from './options.ts';

export function loopCommands(): CommandSpec[] {
  return [watchCommand(), explainCommand(), diffCommand(), lintCommand(), verifyCommand(), reportCommand()];
}

/** Stands apart, since help begins with it. */
export function initCommand(): CommandSpec {
  return {
    name: 'init',
    description: 'write the first recipe of a project',
    operands: [['[dir]', 'the project’s folder; the working folder where none is named']],
    options: [
      new Option('--image <reference>', 'what the image is called, such as ghcr.io/acme/api'),
      new Option('--from <reference>', 'what it builds on'),
      new Option('--force', 'replace an oci.config.yaml that is there'),
      new Option('--ci <service>', 'write .github/workflows/image.yml too, where there is none').choices([
        'github',
      ]),
    ],
    examples: [
      'layerwright init',
      'layerwright init services/api --image ghcr.io/acme/api',
      'layerwright init --from node:24-slim --ci github',
    ],
    load: async () => (await import('./commands/init.ts')).runInit,
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

function explainCommand(): CommandSpec {
  const subject = 'the label of an action, a path of the image, or a code; all actions where none is named';
  return {
    name: 'explain',
    description: 'say why something is made again, where a file comes from, or what a code means',
    operands: [['[subject...]', subject]],
    options: [
      new Option('--since <build>', 'compare with this build: a digest of its image, or how many builds ago'),
      ...recipeSourceOptions(),
      new Option('--image <names>', 'the images of the recipe that are meant').argParser(collectList),
      new Option('--platform <list>', 'platforms that are meant: os/arch[/variant], all or local').argParser(
        collectList,
      ),
      new Option('--jobs <n>', 'how many threads read files').argParser(parseCount),
      ...lockOptions(),
      ...registryOptions(),
    ],
    examples: [
      'layerwright explain',
      'layerwright explain /app/server.js',
      'layerwright explain recipe/unknown-key',
    ],
    load: async () => (await import('./commands/explain.ts')).runExplain,
  };
}

function lintCommand(): CommandSpec {
  return {
    name: 'lint',
    description: 'look for what is seldom meant: root, secrets, leftovers, traces of the build',
    operands: [['[names...]', 'images of the recipe; all of them where none is named']],
    options: [
      ...recipeSourceOptions(),
      new Option('--platform <list>', 'the platforms to look at: os/arch[/variant], all or local').argParser(
        collectList,
      ),
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

function reportCommand(): CommandSpec {
  return {
    name: 'report',
    description: 'build an image and show it as one HTML page, beside the image built before',
    operands: [['[name]', 'the image of the recipe, where it makes several']],
    options: [
      new Option('-o, --output <file>', 'where the page goes').default('layerwright-report.html'),
      new Option('--against <image>', 'compare with an image by any transport; none compares with nothing'),
      new Option(
        '--no-timeline',
        'leave out when what ran: the page is the same for every build of the image',
      ),
      ...recipeSourceOptions(),
      new Option('--platform <platform>', 'the one to show: os/arch[/variant], or local').argParser(
        collectList,
      ),
      new Option('--jobs <n>', 'how many actions run at once').argParser(parseCount),
      ...lockOptions(),
      ...registryOptions(),
    ],
    examples: [
      'layerwright report',
      'layerwright report api -o out/api.html --against registry.example/api:latest',
      'layerwright report --against none --no-timeline',
    ],
    load: async () => (await import('./commands/report.ts')).runReport,
  };
}
