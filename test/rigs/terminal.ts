/** The built command on a terminal of its own, made by script(1). */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtCommand, type CommandOptions } from './command.ts';
import { hasProgram } from './runtimes.ts';

export const hasTerminal = hasProgram('script') && hasProgram('stty');

export interface TerminalRun {
  readonly status: number | null;
  /** All that was written, to stdout and stderr, as a terminal gets it (lines end in \r\n). */
  readonly text: string;
  /** What `stty -g` said of the terminal before the command and after it. */
  readonly settings: readonly [before: string, after: string];
}

export interface TypedKeys {
  /** Typed as soon as this has appeared after what was typed before. */
  readonly after: string;
  readonly type: string;
}

export interface TerminalOptions extends CommandOptions {
  readonly columns?: number;
  /** One after the other. */
  readonly keys?: readonly TypedKeys[];
}

export function runInTerminal(args: readonly string[], options: TerminalOptions): Promise<TerminalRun> {
  const { columns = 80, cwd, cache, env, keys = [] } = options;
  const notes = mkdtempSync(join(tmpdir(), 'layerwright-terminal-'));
  const { PATH = '', HOME = '/' } = process.env;
  const words = [process.execPath, builtCommand, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  // Ctrl-C is for the command, whose exit code counts.
  const command = [
    `stty cols ${String(columns)} rows 24; stty -g > ${notes}/before; trap : INT`,
    `${words.join(' ')}; code=$?; stty -g > ${notes}/after; exit $code`,
  ].join('; ');
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd,
    env: { PATH, HOME, SHELL: '/bin/sh', TERM: 'xterm', LAYERWRIGHT_CACHE_DIR: cache, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  let seen = 0;
  const left = [...keys];
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
    const [next] = left;
    if (next === undefined || !text.includes(next.after, seen)) return;
    seen = text.length;
    left.shift();
    child.stdin.write(next.type);
  });
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', (status) => {
      const said = (when: string): string => readFileSync(join(notes, when), 'utf8');
      const settings = [said('before'), said('after')] as const;
      rmSync(notes, { recursive: true });
      settle({ status, text, settings });
    });
  });
}
