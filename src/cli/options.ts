/** The flags that mean the same in every command (command-line.md), as commander gives them. */
import { InvalidArgumentError, Option } from 'commander';

export type ProgressMode = 'auto' | 'tty' | 'plain' | 'json' | 'quiet' | 'github';
export type ColorMode = 'auto' | 'always' | 'never';

export interface CommonOptions {
  readonly directory?: string;
  readonly progress: ProgressMode;
  readonly color: ColorMode;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

export interface RegistryOptions {
  readonly authfile?: string;
  readonly plainHttp?: readonly string[];
  readonly authRealm?: readonly string[];
  /** Milliseconds. */
  readonly timeout?: number;
  readonly attempts?: number;
  readonly offline?: boolean;
}

export interface LockOptions {
  /** Undefined where neither the flag nor its negation is given. */
  readonly frozenLockfile?: boolean;
}

export interface RecipeOptions {
  readonly file?: string;
  readonly arg?: readonly string[];
  readonly platform?: readonly string[];
  readonly tag?: readonly string[];
  readonly output?: readonly string[];
  readonly jobs?: number;
  /** False with a bare --no-cache. */
  readonly cache: boolean;
  /** The labels of --no-cache=LABEL. */
  readonly rebuild?: readonly string[];
}

/** Repeats add up; each value may hold several, split at commas. */
export function collectList(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, ...value.split(',').filter((item) => item !== '')];
}

/** Repeats add up; a value is taken whole (`--arg`, `-o`). */
export function collectWhole(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

export function parseCount(value: string): number {
  return atLeast(1, value);
}

export function parseDays(value: string): number {
  return atLeast(0, value);
}

/** Milliseconds, of at most a day. */
export function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (/^\d+(?:\.\d{1,3})?$/.test(value) && seconds > 0 && seconds <= 86_400) return seconds * 1000;
  throw new InvalidArgumentError('Seconds are needed: more than 0, and a day at most.');
}

function atLeast(least: number, value: string): number {
  const count = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(count) && count >= least) return count;
  throw new InvalidArgumentError(`A whole number of ${String(least)} or more is needed.`);
}

export function commonOptions(): Option[] {
  return [
    new Option('-C, --directory <dir>', 'work as if started in this folder'),
    new Option('--progress <mode>', 'how progress is shown')
      .choices(['auto', 'tty', 'plain', 'json', 'quiet', 'github'])
      .default('auto'),
    new Option('--color <when>', 'whether output is coloured')
      .choices(['auto', 'always', 'never'])
      .default('auto'),
    new Option('-q, --quiet', 'say only what is wrong'),
    new Option('-v, --verbose', 'say more: every action, every blob that moves'),
    new Option('--json', 'print the result as JSON'),
  ];
}

export function registryOptions(): Option[] {
  return [
    new Option('--authfile <file>', 'credentials of registries (docker or containers format)'),
    new Option('--plain-http <host>', 'a registry that may be spoken to without TLS').argParser(collectList),
    new Option('--auth-realm <registry=host>', 'a token server that a registry may name').argParser(
      collectList,
    ),
    new Option('--timeout <seconds>', 'give up a registry that stays silent for so long').argParser(
      parseSeconds,
    ),
    new Option('--attempts <count>', 'make a request to a registry so often at most').argParser(parseCount),
    new Option('--offline', 'ask no registry: use the lock and the store alone'),
  ];
}

export function lockOptions(): Option[] {
  return [
    new Option(
      '--frozen-lockfile',
      'fail where oci.lock is not what the recipe needs (the default where CI is set)',
    ),
    new Option('--no-frozen-lockfile', 'pin what oci.lock lacks, in CI too'),
  ];
}

export function loadOption(): Option {
  return new Option('--load', 'load into docker, or else podman, of this computer');
}

/** Which recipe, and with which values. */
export function recipeSourceOptions(): Option[] {
  return [
    new Option('-f, --file <file>', 'the recipe; - reads it from standard input'),
    new Option('--arg <key=value>', 'a value for one of the recipe’s args').argParser(collectWhole),
  ];
}

export function recipeOptions(): Option[] {
  return [
    ...recipeSourceOptions(),
    new Option('--platform <list>', 'platforms to build for: os/arch[/variant], all or local').argParser(
      collectList,
    ),
    new Option(
      '--no-cache',
      'run every action, even where its result is known; --no-cache=LABEL runs that one',
    ),
    new Option('--rebuild <label>').argParser(collectWhole).hideHelp(),
  ];
}

/** commander knows no flag that negates and may carry a value, so `--no-cache=LABEL` is handed to it as `--rebuild LABEL`. */
export function separateNoCache(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.flatMap((argument, index) => {
    const isFlag = argument.startsWith('--no-cache=') && (end < 0 || index < end);
    return isFlag ? ['--rebuild', argument.slice('--no-cache='.length)] : [argument];
  });
}
