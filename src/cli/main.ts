/**
 * The command: reads what the process was given, runs one command, ends with its exit code. The last of the three
 * catchers: a failure of the world becomes a diagnostic here, and anything else is a bug of ours.
 */
import { homedir, availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { CommanderError } from 'commander';
import { exitCodes } from '../core/diagnostic/exit-code.ts';
import { createProgram } from './program.ts';
import { separateNoCache } from './options.ts';
import { openOutput } from './output-stream.ts';
import { reportError } from './report-error.ts';
import type { Surroundings } from './surroundings.ts';
import { version } from './version.ts';

const signals = { SIGINT: 130, SIGTERM: 143 } as const;

async function main(argv: readonly string[]): Promise<number> {
  const { signal, exitOf } = listenForSignals();
  const surroundings: Surroundings = {
    cwd: process.cwd(),
    env: process.env,
    home: homedir(),
    stdin: process.stdin,
    stdout: openOutput(process.stdout),
    stderr: openOutput(process.stderr),
    processors: availableParallelism(),
    signal,
    now: () => performance.now(),
  };
  try {
    const code = await runCommand(argv, surroundings);
    return exitOf() ?? code;
  } catch (error) {
    return exitOf() ?? reportError(error, surroundings, argv.includes('--json'));
  }
}

async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const program = createProgram(version, surroundings);
  const { command } = program;
  for (const each of [command, ...command.commands, ...command.commands.flatMap((one) => one.commands)]) {
    each.exitOverride().configureOutput({
      writeOut: (text) => {
        surroundings.stdout.write(text);
      },
      writeErr: (text) => {
        surroundings.stderr.write(text);
      },
    });
  }
  try {
    command.parse(separateNoCache(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  const run = program.chosen();
  return run === undefined ? exitCodes.usage : run();
}

/** The first signal asks for an end with clean-up; the second ends at once. */
function listenForSignals(): { signal: AbortSignal; exitOf: () => number | undefined } {
  const controller = new AbortController();
  let code: number | undefined;
  for (const [name, exit] of Object.entries(signals)) {
    process.on(name, () => {
      if (code !== undefined) process.exit(exit);
      code = exit;
      controller.abort(new Error(`ended by ${name}`));
    });
  }
  return { signal: controller.signal, exitOf: () => code };
}

process.exitCode = await main(process.argv.slice(2));
