/**
 * The command's grammar, made of the specs of its commands. A command's code is loaded when it is called, so
 * `--version` and `--help` load almost nothing.
 */
import { Command } from 'commander';
import { exitCodes, type ExitName } from '../core/diagnostic/exit-code.ts';
import { buildCommands } from './build-commands.ts';
import type { CommandSpec } from './command-spec.ts';
import { imageCommands } from './image-commands.ts';
import { loopCommands } from './loop-commands.ts';
import { commonOptions } from './options.ts';
import { lockCommands } from './lock-commands.ts';
import { otherCommands } from './other-commands.ts';
import { serveCommands } from './serve-commands.ts';
import type { Surroundings } from './surroundings.ts';
import { usageError } from './usage-error.ts';

export interface Program {
  /** Parses the arguments; gives the chosen command, ready to run. Throws CommanderError for help, CommandError for wrong usage. */
  parse(argv: readonly string[]): (() => Promise<number>) | undefined;
}

const groupDescriptions: Readonly<Record<string, string>> = { cache: 'look at and trim the store' };

export function createProgram(version: string, surroundings: Surroundings): Program {
  let chosen: (() => Promise<number>) | undefined;
  const program = prepared(new Command('layerwright'), surroundings)
    .description('Builds OCI container images from a committed recipe: the same bytes on every machine.')
    .version(version)
    .helpCommand('help [command]', 'show what a command takes')
    .addHelpText('after', exitCodeHelp());
  for (const option of commonOptions()) program.addOption(option);
  const groups = new Map<string, Command>();
  const groupOf = (name: string): Command => {
    const known = groups.get(name) ?? prepared(program.command(name), surroundings);
    groups.set(name, known.description(groupDescriptions[name] ?? ''));
    return known;
  };
  for (const spec of [
    ...loopCommands(),
    ...buildCommands(),
    ...lockCommands(),
    ...imageCommands(),
    ...serveCommands(),
    ...otherCommands(),
  ]) {
    const [group = spec.name, verb] = spec.name.split(' ');
    const command = verb === undefined ? program.command(spec.name) : groupOf(group).command(verb);
    addSpec(prepared(command, surroundings), spec).action(() => {
      const operands = command.processedArgs.flat().filter((operand) => typeof operand === 'string');
      chosen = async () =>
        (await spec.load())({ operands, options: command.optsWithGlobals() }, surroundings);
    });
  }
  return {
    parse: (argv) => {
      program.parse(argv, { from: 'user' });
      return chosen;
    },
  };
}

function prepared(command: Command, { stdout, stderr }: Surroundings): Command {
  return command
    .exitOverride((error) => {
      throw error.exitCode === 0 || error.code === 'commander.help' ? error : usageError(error, command);
    })
    .showSuggestionAfterError()
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => {
        stdout.write(text);
      },
      writeErr: (text) => {
        stderr.write(text);
      },
      // What is wrong is said once, by whoever catches it.
      outputError: () => undefined,
    });
}

function addSpec(command: Command, spec: CommandSpec): Command {
  for (const [name, description] of spec.operands) command.argument(name, description);
  for (const option of spec.options) command.addOption(option);
  const lines = spec.examples.map((example) => `  $ ${example}`);
  return command.description(spec.description).addHelpText('after', `\nExamples:\n${lines.join('\n')}\n`);
}

const meanings: Readonly<Record<ExitName, string>> = {
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
  differs: 'with --exit-code or --max-growth: something differs, or grew too much',
  bug: 'a bug of ours',
};

function exitCodeHelp(): string {
  const names = Object.keys(meanings) as ExitName[];
  const rows = names.map((name) => `  ${String(exitCodes[name]).padStart(3)}  ${meanings[name]}`);
  return `\nExit codes:\n${rows.join('\n')}\n  130  interrupted, after clean-up\n  143  terminated, after clean-up\n`;
}
