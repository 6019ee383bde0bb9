/**
 * The command's grammar, made of the specs of its commands. A command's code is loaded when it is called, so
 * `--version` and `--help` load almost nothing.
 */
import { Command, Help } from 'commander';
import { exitCodes, type ExitName } from '../core/diagnostic/exit-code.ts';
import { allCommands, groupDescriptions } from './all-commands.ts';
import type { CommandSpec } from './command-spec.ts';
import { commonOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';
import { exitMeanings } from './exit-meanings.ts';
import { usageError } from './usage-error.ts';

export interface Program {
  /** Parses the arguments; gives the chosen command, ready to run. Throws CommanderError for help, CommandError for wrong usage. */
  parse(argv: readonly string[]): (() => Promise<number>) | undefined;
}

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
  const add = (spec: CommandSpec): void => {
    const [group = spec.name, verb] = spec.name.split(' ');
    const command = verb === undefined ? program.command(spec.name) : groupOf(group).command(verb);
    addSpec(prepared(command, surroundings), spec).action(() => {
      const operands = command.processedArgs.flat().filter((operand) => typeof operand === 'string');
      chosen = async () =>
        (await spec.load())({ operands, options: command.optsWithGlobals() }, surroundings);
    });
  };
  return {
    parse: (argv) => {
      specsFor(argv).forEach(add);
      program.parse(argv, { from: 'user' });
      return chosen;
    },
  };
}

/** Those of the first word, where that is a command or a group of them: the others have nothing to say then. */
function specsFor([first]: readonly string[]): CommandSpec[] {
  const specs = allCommands();
  const named = specs.filter(({ name }) => name.split(' ')[0] === first);
  return named.length > 0 ? named : specs;
}

function prepared(command: Command, { stdout, stderr }: Surroundings): Command {
  return command
    .exitOverride((error) => {
      throw error.exitCode === 0 || error.code === 'commander.help' ? error : usageError(error, command);
    })
    .showSuggestionAfterError()
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true, subcommandTerm: commandTerm })
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

/** Every command has options; that said on each row would leave a terminal of 80 columns no room for what they do. */
function commandTerm(command: Command): string {
  return new Help().subcommandTerm(command).replace(' [options]', '');
}

function addSpec(command: Command, spec: CommandSpec): Command {
  for (const [name, description] of spec.operands) command.argument(name, description);
  for (const option of spec.options) command.addOption(option);
  const lines = spec.examples.map((example) => `  $ ${example}`);
  return command.description(spec.description).addHelpText('after', `\nExamples:\n${lines.join('\n')}\n`);
}

function exitCodeHelp(): string {
  const names = Object.keys(exitMeanings) as ExitName[];
  const rows = names.map((name) => `  ${String(exitCodes[name]).padStart(3)}  ${exitMeanings[name]}`);
  return `\nExit codes:\n${rows.join('\n')}\n  130  interrupted, after clean-up\n  143  terminated, after clean-up\n`;
}
