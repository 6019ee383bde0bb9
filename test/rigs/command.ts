/** The built command, run as a user runs it, with a store of the test's own. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

export interface CommandRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const builtCommand = resolve(import.meta.dirname, '../../dist/cli.js');

export interface CommandOptions {
  readonly cwd: string;
  readonly cache: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** A program, with its arguments, that runs the command: `unshare -n` cuts the network. */
  readonly through?: readonly string[];
}

/** Environment of the caller without what would change a build. */
export function runCommand(args: readonly string[], options: CommandOptions): CommandRun {
  const { cwd, cache, env, input, through = [] } = options;
  const { PATH = '', HOME = '/' } = process.env;
  const [program = '', ...programArgs] = [...through, process.execPath, builtCommand, ...args];
  const { status, signal, stdout, stderr } = spawnSync(program, programArgs, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PATH, HOME, LAYERWRIGHT_CACHE_DIR: cache, ...env },
    ...(input === undefined ? {} : { input }),
  });
  if (status === null) throw new Error(`ended by ${String(signal)}: ${stderr}`);
  return { status, stdout, stderr };
}

/** stdout of a run that must succeed. */
export function succeed(args: readonly string[], options: CommandOptions): string {
  const { status, stdout, stderr } = runCommand(args, options);
  if (status !== 0) throw new Error(`layerwright ${args.join(' ')} ended with ${String(status)}:\n${stderr}`);
  return stdout;
}
