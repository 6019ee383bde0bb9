/** The command in this process, as a test's own user: much quicker than a process for each run, and the same code. */
import { Readable } from 'node:stream';
import { createProgram } from '../../src/cli/program.ts';
import { separateNoCache } from '../../src/cli/options.ts';
import { reportError } from '../../src/cli/report-error.ts';
import type { OutputStream, Surroundings } from '../../src/cli/surroundings.ts';
import type { CommandOptions, CommandRun } from './command.ts';

/** `input` and `through` are not for here. */
export type InProcessOptions = Pick<CommandOptions, 'cwd' | 'cache' | 'env'>;

export async function runInProcess(args: readonly string[], options: InProcessOptions): Promise<CommandRun> {
  const [stdout, stderr] = [collectedStream(), collectedStream()];
  const surroundings = surroundingsOf(options, { stdout, stderr });
  try {
    const run = createProgram('0.0.0', surroundings).parse(separateNoCache(args));
    const status = run === undefined ? 2 : await run();
    return { status, stdout: stdout.text(), stderr: stderr.text() };
  } catch (error) {
    const style = args.includes('--json') ? 'json' : 'text';
    const files = { sourceOf: () => undefined, pathOf: (file: string) => file };
    const status = reportError(error, { stderr, style, color: false, files });
    return { status, stdout: stdout.text(), stderr: stderr.text() };
  }
}

function surroundingsOf(
  { cwd, cache, env = {} }: InProcessOptions,
  streams: Pick<Surroundings, 'stdout' | 'stderr'>,
): Surroundings {
  return {
    cwd,
    env: { LAYERWRIGHT_CACHE_DIR: cache, ...env },
    home: cwd,
    uid: process.getuid?.(),
    stdin: Readable.from([]),
    ...streams,
    keepSecret: () => undefined,
    processors: 1,
    nodeVersion: process.version,
    program: [process.execPath, 'dist/cli.js'],
    signal: new AbortController().signal,
    listen: () => () => undefined,
    now: () => performance.now(),
  };
}

function collectedStream(): OutputStream & { readonly text: () => string } {
  const chunks: Buffer[] = [];
  return {
    write: (text) => {
      chunks.push(Buffer.from(text));
    },
    lost: new AbortController().signal,
    isTty: false,
    columns: 80,
    rows: 24,
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}
