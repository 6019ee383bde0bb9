/** The built command on a terminal of its own, made by script(1). */
import { spawn } from 'node:child_process';
import { builtCommand, type CommandOptions } from './command.ts';
import { hasProgram } from './runtimes.ts';

export const hasTerminal = hasProgram('script') && hasProgram('stty');

export interface TerminalRun {
  readonly status: number | null;
  /** All that was written, to stdout and stderr, as a terminal gets it (lines end in \r\n). */
  readonly text: string;
}

export interface TerminalOptions extends CommandOptions {
  readonly columns?: number;
  /** Typed as soon as the text has appeared. */
  readonly keys?: { readonly after: string; readonly type: string };
}

export function runInTerminal(args: readonly string[], options: TerminalOptions): Promise<TerminalRun> {
  const { columns = 80, cwd, cache, env, keys } = options;
  const { PATH = '', HOME = '/' } = process.env;
  const words = [process.execPath, builtCommand, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const command = `stty cols ${String(columns)} rows 24; exec ${words.join(' ')}`;
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd,
    env: { PATH, HOME, SHELL: '/bin/sh', TERM: 'xterm', LAYERWRIGHT_CACHE_DIR: cache, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  let typed = keys === undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
    if (typed || keys === undefined || !text.includes(keys.after)) return;
    typed = true;
    child.stdin.write(keys.type);
  });
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', (status) => {
      settle({ status, text });
    });
  });
}
