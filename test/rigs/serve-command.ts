/** `layerwright serve` as a process of its own, for clients that a test waits for. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { builtCommand } from './command.ts';
import { scratchFolder } from './scratch-folder.ts';

export interface ServeCommand {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly url: string;
  /** What it has said on stderr so far: with `-v`, `STATUS METHOD PATH` of each request. */
  log(): string;
  /** Sends the signal; gives how the process ended. */
  stop(signal?: NodeJS.Signals): Promise<{ readonly code: number | null; readonly stdout: string }>;
}

export interface ServeCommandOptions {
  readonly cwd: string;
  readonly cache: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Resolves when it listens. */
export async function startServeCommand(
  args: readonly string[],
  { cwd, cache, env }: ServeCommandOptions,
): Promise<ServeCommand> {
  const scratch = scratchFolder('serve-log');
  const logFile = join(scratch.path, 'log');
  const log = openSync(logFile, 'w');
  const { PATH = '', HOME = '/' } = process.env;
  const child = spawn(process.execPath, [builtCommand, 'serve', ...args], {
    cwd,
    stdio: ['ignore', 'pipe', log],
    env: { PATH, HOME, LAYERWRIGHT_CACHE_DIR: cache, ...env },
  });
  closeSync(log);
  const { stdout } = child;
  if (stdout === null) throw new Error('serve was started without a pipe');
  const lines: string[] = [];
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const first = new Promise<void>((resolve) => {
    createInterface(stdout).on('line', (line) => {
      lines.push(line);
      resolve();
    });
  });
  await Promise.race([first, ended]);
  const url = lines[0];
  if (url === undefined) throw new Error(`serve did not start:\n${readFileSync(logFile, 'utf8')}`);
  return {
    url,
    host: url.replace(/^https?:\/\//, ''),
    log: () => readFileSync(logFile, 'utf8'),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const code = await ended;
      scratch.remove();
      return { code, stdout: lines.join('\n') };
    },
  };
}
