/** Programs that the test waits for while servers in its own process answer them. */
import { execFile } from 'node:child_process';
import { builtCommand, type CommandOptions, type CommandRun } from './command.ts';

/** Never rejects for a status. `env` is added to PATH and HOME alone; `patience` is in milliseconds, two minutes if absent. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly patience?: number;
  },
): Promise<CommandRun> {
  const { PATH = '', HOME = '/' } = process.env;
  const env = { PATH, HOME, ...options.env };
  return new Promise((resolve) => {
    const settings = {
      cwd: options.cwd,
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      timeout: options.patience ?? 120_000,
    } as const;
    const child = execFile(program, args, settings, (_, stdout, stderr) => {
      resolve({ status: child.exitCode ?? -1, stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** The built command. */
export function runBuilt(args: readonly string[], options: CommandOptions): Promise<CommandRun> {
  const { cwd, cache } = options;
  const env = { LAYERWRIGHT_CACHE_DIR: cache, ...options.env };
  return runProgram(process.execPath, [builtCommand, ...args], { cwd, env });
}
