/** This command again, as other processes under other circumstances (circumstances.ts). */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { Bug } from '../core/diagnostic/bug.ts';
import type { Diagnostic } from '../core/diagnostic/diagnostic.ts';
import { DiagnosticsError } from '../core/diagnostic/failure.ts';
import { cacheFolder } from './cache-folder.ts';
import { otherCircumstances } from './circumstances.ts';
import type { RebuildCall } from './rebuild-image.ts';
import type { Surroundings } from './surroundings.ts';

export interface Again {
  /** What the circumstances are, as people read it. */
  readonly varied: readonly string[];
  /** Its stdout; `input` is its stdin. Throws DiagnosticsError with what it said where it failed. */
  run(args: readonly string[], input?: string): Promise<string>;
}

export async function startAgain({ surroundings, session }: RebuildCall): Promise<Again> {
  const { timeZone, locale, umask } = otherCircumstances;
  const processors = oneProcessor(surroundings);
  const env = {
    ...surroundings.env,
    ...timeZone,
    ...locale,
    LAYERWRIGHT_CACHE_DIR: cacheFolder(surroundings),
  };
  const [program, ...first] = [...processors.prefix, ...surroundings.program];
  if (program === undefined) throw new Bug('nothing says what starts this command');
  return {
    varied: [
      ...Object.entries({ ...timeZone, ...locale }).map(([name, value]) => `${name}=${value}`),
      `umask ${umask.toString(8).padStart(3, '0')}`,
      processors.text,
    ],
    run: async (args, input = '') => {
      const words = [...first, ...args, '--json', '-q'];
      const child = underUmask(umask, () => spawn(program, words, { env, signal: session.signal }));
      child.stdin.on('error', () => undefined).end(input);
      const ended = new Promise((settle, fail) => child.once('error', fail).once('close', settle));
      const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
      if (status === 0) return stdout;
      throw failureIn(stderr);
    },
  };
}

/** A process takes the umask of the one that starts it, at that moment. */
function underUmask<T>(umask: number, start: () => T): T {
  const before = process.umask(umask);
  try {
    return start();
  } finally {
    process.umask(before);
  }
}

interface Processors {
  readonly prefix: readonly string[];
  readonly text: string;
}

/** By util-linux's taskset, where there is one and several processors to take from. */
function oneProcessor({ processors, env }: Surroundings): Processors {
  const one = firstAllowed();
  const isThere = one !== undefined && spawnSync('taskset', ['-c', one, 'true'], { env }).status === 0;
  if (processors > 1 && isThere)
    return { prefix: ['taskset', '-c', one], text: `1 processor of ${processors}` };
  return { prefix: [], text: processors > 1 ? '1 job' : '2 jobs' };
}

/** proc(5), Cpus_allowed_list. */
function firstAllowed(): string | undefined {
  try {
    return /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  } catch {
    return undefined; // No Linux: then there is no taskset either.
  }
}

/** What was said as JSON; a command that ends otherwise has a bug. */
function failureIn(stderr: string): Error {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  try {
    return new DiagnosticsError((JSON.parse(line) as { diagnostics: Diagnostic[] }).diagnostics);
  } catch {
    return new Bug(`the second build ended without saying why: ${stderr}`);
  }
}
