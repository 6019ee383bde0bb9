/** `layerwright watch` as a process of its own: what it says is waited for, never slept for. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { builtCommand, type CommandOptions } from './command.ts';

export interface WatchCommand {
  readonly pid: number;
  /** The next line on stdout: `reference@digest` of an image that is new. */
  result(): Promise<string>;
  /** The next line on stderr that the pattern matches; lines before it are passed over. */
  said(pattern: RegExp): Promise<string>;
  /** Everything on stderr so far. */
  log(): string;
  /** Reads no more of it, as `head` does once it has enough. */
  abandon(output: 'stdout' | 'stderr'): void;
  /** The exit code, once it has ended by itself. */
  readonly ended: Promise<number | null>;
  /** Sends the signal; gives the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export function startWatchCommand(
  args: readonly string[],
  { cwd, cache, env }: Omit<CommandOptions, 'input' | 'through'>,
): WatchCommand {
  const { PATH = '', HOME = '/' } = process.env;
  const child = spawn(process.execPath, [builtCommand, 'watch', ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME, LAYERWRIGHT_CACHE_DIR: cache, ...env },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const results = linesOf(child, 'stdout');
  const messages = linesOf(child, 'stderr');
  return {
    pid: child.pid ?? 0,
    result: () => results.next(/^/),
    said: (pattern) => messages.next(pattern),
    log: () => messages.all.join('\n'),
    abandon: (output) => child[output].destroy(),
    ended,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

interface Lines {
  readonly all: string[];
  next(pattern: RegExp): Promise<string>;
}

function linesOf(child: ChildProcess, name: 'stdout' | 'stderr'): Lines {
  const stream = child[name];
  if (stream === null) throw new Error(`${name} is no pipe`);
  const all: string[] = [];
  let read = 0;
  let wake = (): void => undefined;
  createInterface(stream).on('line', (line) => {
    all.push(line);
    wake();
  });
  return {
    all,
    next: async (pattern) => {
      for (;;) {
        const line = all[read];
        if (line === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        read += 1;
        if (pattern.test(line)) return line;
      }
    },
  };
}
