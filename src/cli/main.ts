/**
 * The command: reads what the process was given, runs one command, ends with its exit code. The last of the three
 * catchers: a failure of the world becomes a diagnostic here, and anything else is a bug of ours.
 */
import nodeModule from 'node:module';
import { availableParallelism, homedir } from 'node:os';
import { performance } from 'node:perf_hooks';
import { CommanderError } from 'commander';
import { exitCodes } from '../core/diagnostic/exit-code.ts';
import { colorAsked, useColor } from './color.ts';
import type { PlacedFiles } from '../io/render/create-renderer.ts';
import type { Secret } from '../io/registry/secret.ts';
import { separateNoCache } from './options.ts';
import { openMessages, openResults, withoutSecretsIn } from './output-stream.ts';
import { createProgram } from './program.ts';
import { reportStyleAsked } from './renderer-kind.ts';
import { reportError } from './report-error.ts';
import { listenForSignals } from './signals.ts';
import type { Surroundings } from './surroundings.ts';
import { packageVersion } from './version.ts';

async function main(argv: readonly string[]): Promise<number> {
  const signals = listenForSignals();
  const secrets = new Set<Secret>();
  const surroundings: Surroundings = {
    cwd: process.cwd(),
    env: process.env,
    home: homedir(),
    uid: process.getuid?.(),
    stdin: process.stdin,
    stdout: openResults(process.stdout),
    stderr: withoutSecretsIn(openMessages(process.stderr), secrets),
    keepSecret: (secret) => {
      secrets.add(secret);
    },
    program: [process.execPath, ...process.execArgv, ...process.argv.slice(1, 2)],
    processors: availableParallelism(),
    nodeVersion: process.version,
    signal: signals.signal,
    listen: (listener) => signals.listen(listener),
    now: () => performance.now(),
  };
  endOnUncaught(surroundings);
  try {
    const code = await runCommand(argv, surroundings);
    return signals.code() ?? code;
  } catch (error) {
    const { stderr } = surroundings;
    const style = reportStyleAsked(argv, process.env);
    const color = useColor(colorAsked(argv), { env: process.env, isTty: stderr.isTty });
    return signals.code() ?? reportError(error, { stderr, style, color, files: noFiles });
  }
}

/** An error that nobody awaited is a bug like any other; what Node prints of it by itself would show every member. */
function endOnUncaught({ stderr }: Surroundings): void {
  process.on('uncaughtException', (error) => {
    process.exit(reportError(error, { stderr, style: 'text', color: false, files: noFiles }));
  });
}

/** Nothing has been read that a place could point into. */
const noFiles: PlacedFiles = { sourceOf: () => undefined, pathOf: () => undefined };

async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const run = createProgram(packageVersion(), surroundings).parse(separateNoCache(argv));
    return run === undefined ? exitCodes.usage : await run();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
}

// Node 22.1 and later keep compiled code in a folder of their own between two runs, where they can write one.
(nodeModule as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();

// All is written and closed: what is still open, such as a connection that a silent server never answers, is not waited for.
process.exit(await main(process.argv.slice(2)));
