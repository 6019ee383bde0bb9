/** A shell's command in a process group of its own (setpgid(2)), so that ending it ends whatever it has started. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface GroupCommand {
  /** For the shell. */
  readonly command: string;
  /** Absolute. */
  readonly folder: string;
}

export interface ProcessGroup {
  /** How the command ended: `exit code 1`, `SIGSEGV`; undefined for exit code 0. */
  readonly ended: Promise<string | undefined>;
  /** Asks all of it to end, insists after two seconds, and resolves when nothing of it runs any more. */
  end(): Promise<void>;
}

/** Milliseconds. */
const grace = 2_000;
const lookEvery = 20;

export function startGroup({ command, folder }: GroupCommand, environment: Environment): ProcessGroup {
  const child = spawn(command, {
    shell: true,
    cwd: folder,
    env: environment,
    detached: true,
    // stdout is for our results, and keys are for us.
    stdio: ['ignore', 2, 2],
  });
  // However we end, nothing of it is left.
  const killAll = (): void => signalGroup(child, 'SIGKILL');
  process.once('exit', killAll);
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      resolve(code === 0 ? undefined : (signal ?? `exit code ${String(code)}`));
    });
  });
  return {
    ended,
    end: async () => {
      await endGroup(child);
      await ended;
      process.off('exit', killAll);
    },
  };
}

async function endGroup(child: ChildProcess): Promise<void> {
  signalGroup(child, 'SIGTERM');
  const deadline = performance.now() + grace;
  while (isAlive(child) && performance.now() < deadline) await pause();
  signalGroup(child, 'SIGKILL');
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, lookEvery);
  });
}

function signalGroup({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // All of the group has ended.
  }
}

function isAlive({ pid }: ChildProcess): boolean {
  try {
    if (pid === undefined) return false;
    process.kill(-pid, 0);
    return !isAllZombies(pid);
  } catch {
    return false;
  }
}

/** What has ended stays in its group until its parent asks for it, and the first process of a container may never do. */
function isAllZombies(group: number): boolean {
  const members = processIds().flatMap((pid) => statOf(pid) ?? []);
  const own = members.filter((one) => one.group === group);
  return own.length > 0 && own.every(({ state }) => state === 'Z');
}

function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** proc_pid_stat(5): the name stands in parentheses and may hold any character. */
function statOf(pid: string): { readonly state: string; readonly group: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', , group = ''] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, group: Number(group) };
  } catch {
    return undefined;
  }
}
