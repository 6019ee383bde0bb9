/** The built command beside servers of this process: heard out, and watched from outside while it runs. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { builtCommand, type CommandOptions, type CommandRun } from './command.ts';

export interface WatchedRun extends CommandRun {
  /** The command lines of the process and of its children, as /proc showed them while it ran. */
  readonly commandLines: string;
  /** The most memory that it was seen to hold, in bytes. */
  readonly peakMemory: number;
  /** From start to end. */
  readonly milliseconds: number;
}

/** Like runCommand, but leaves this process free to answer. */
export function watchCommand(
  args: readonly string[],
  { cwd, cache, env }: Omit<CommandOptions, 'input'>,
): Promise<WatchedRun> {
  const { PATH = '' } = process.env;
  const began = performance.now();
  const child = spawn(process.execPath, [builtCommand, ...args], {
    cwd,
    env: { PATH, HOME: '/', LAYERWRIGHT_CACHE_DIR: cache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const watch = watchProcess(child.pid ?? 0);
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', (status, signal) => {
      const seen = watch.stop();
      const [stdout, stderr] = [out, err].map((chunks) => Buffer.concat(chunks).toString('utf8'));
      if (status === null) fail(new Error(`ended by ${String(signal)}: ${stderr ?? ''}`));
      else
        settle({
          status,
          stdout: stdout ?? '',
          stderr: stderr ?? '',
          milliseconds: performance.now() - began,
          ...seen,
        });
    });
  });
}

function watchProcess(pid: number): { stop(): Pick<WatchedRun, 'commandLines' | 'peakMemory'> } {
  const lines = new Set<string>();
  let peakMemory = 0;
  const look = (): void => {
    const children = textOf(`/proc/${String(pid)}/task/${String(pid)}/children`)
      .trim()
      .split(' ');
    for (const one of [String(pid), ...children])
      lines.add(textOf(`/proc/${one}/cmdline`).replaceAll('\0', ' '));
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(textOf(`/proc/${String(pid)}/status`))?.[1];
    peakMemory = Math.max(peakMemory, Number(kilobytes ?? 0) * 1024);
  };
  const timer = setInterval(look, 10);
  look();
  return {
    stop: () => {
      clearInterval(timer);
      return { commandLines: [...lines].join('\n'), peakMemory };
    },
  };
}

/** Empty for a process that has ended. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
