/**
 * Runs a bundle and waits for it. The runtime gets a process group of its own, so that a Ctrl-C reaches the container
 * once, through us; the container is deleted afterwards, however it ended.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { errorCode, systemWords } from '../store/file-problem.ts';
import { BundleError, worldFailure } from './bundle-error.ts';
import { type Environment, findRuntime } from './find-runtime.ts';
import { requireModules } from './security-modules.ts';

export type SignalName = keyof typeof constants.signals;

export interface RunRequest {
  /** The bundle's folder. */
  readonly bundle: string;
  /** A path or name; undefined looks for runc, then crun. */
  readonly runtime: string | undefined;
  readonly environment: Environment;
  /** Descriptors of this process that become the container's stdin, stdout and stderr. */
  readonly stdio: readonly [number, number, number];
  /** Told of what is worth saying before the container starts. */
  readonly onWarning: (warning: Diagnostic) => void;
  /** Calls the listener for every signal that this process gets; gives a function that ends that. */
  readonly listen: (listener: (signal: SignalName) => void) => () => void;
}

/**
 * Gives the container's own exit status, 128 + N where signal N ended it. Signals are handed to the container; one that
 * it would never see (a first process has no default handlers) and a second one of any kind end it at once.
 * Throws BundleError `bundle/not-a-bundle`, `bundle/no-security-module`, `bundle/no-runtime` or `bundle/runtime-failed`.
 */
export async function runBundle(request: RunRequest): Promise<number> {
  const bundle = resolve(request.bundle);
  requireBundle(bundle);
  requireModules(configOf(bundle), '/sys');
  const runtime = findRuntime(request.runtime, request.environment);
  runtime.warnings.forEach(request.onWarning);
  const container = new Container(runtime.path, request.environment);
  try {
    return await superviseRun(container, bundle, request);
  } finally {
    container.delete();
  }
}

function requireBundle(bundle: string): void {
  const config = statSync(join(bundle, 'config.json'), { throwIfNoEntry: false });
  if (config?.isFile() === true) return;
  throw new BundleError('bundle/not-a-bundle', `${quoteText(bundle)} has no config.json`, {
    help: 'make a bundle with `layerwright bundle REF DIR`, or run an image directly',
  });
}

/** What is no JSON the runtime refuses, in its own words. */
function configOf(bundle: string): unknown {
  try {
    return JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw worldFailure(error, `reading config.json of ${quoteText(bundle)}`);
  }
}

/** What is usually sent to end a process; any other signal is handed on and nothing more. */
const endings: ReadonlySet<SignalName> = new Set<SignalName>(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);

async function superviseRun(container: Container, bundle: string, request: RunRequest): Promise<number> {
  const child = container.start(bundle, request.stdio);
  const received: SignalName[] = [];
  let forced = (): number | undefined => undefined;
  const unlisten = request.listen((signal) => {
    if (endings.has(signal)) received.push(signal);
    if (received.length < 2 && (!endings.has(signal) || container.wouldNotice(signal))) {
      child.kill(signal);
      return;
    }
    forced = () => 128 + constants.signals[received[0] ?? signal];
    // Before the runtime has made the container there is only the runtime itself to end.
    if (!container.kill()) child.kill('SIGKILL');
  });
  try {
    const status = await statusOf(child, container.runtime);
    return forced() ?? status;
  } finally {
    unlisten();
  }
}

function statusOf(child: ChildProcess, runtime: string): Promise<number> {
  return new Promise((settle, fail) => {
    child.once('error', (error) => {
      fail(notStarted(runtime, error));
    });
    child.once('exit', (code, signal) => {
      settle(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

function notStarted(runtime: string, error: unknown): BundleError {
  const code = errorCode(error) ?? systemWords(error);
  return new BundleError(
    'bundle/runtime-failed',
    `the runtime ${quoteText(runtime)} cannot be started: ${code}`,
    {
      help: 'check that it is a program for this computer and, if it is a script, that its interpreter is there',
      cause: error,
    },
  );
}

/** A container of ours, from before it is started until it is deleted. */
class Container {
  readonly runtime: string;
  readonly #environment: Environment;
  /** Names the process that answers for it, for whoever finds it in a list. */
  readonly #id = `layerwright-${String(process.pid)}-${randomBytes(8).toString('hex')}`;
  /** Where the runtime keeps what it knows of the container: ours alone, since /run is root's. */
  readonly #state = mkdtempSync(join(tmpdir(), 'layerwright-run-'));

  constructor(runtime: string, environment: Environment) {
    this.runtime = runtime;
    this.#environment = environment;
  }

  start(bundle: string, [stdin, stdout, stderr]: RunRequest['stdio']): ChildProcess {
    try {
      return spawn(this.runtime, this.#command('run', '--bundle', bundle, this.#id), {
        stdio: [stdin, stdout, stderr],
        env: this.#environment,
        detached: true,
      });
    } catch (error) {
      // Node throws some of the reasons (E2BIG) and tells others by an event (ENOENT).
      throw notStarted(this.runtime, error);
    }
  }

  /** Whether the first process has a handler for the signal: without one the kernel drops it (pid_namespaces(7)). */
  wouldNotice(signal: SignalName): boolean {
    const pid = this.#pid();
    if (pid === undefined) return false;
    try {
      const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
      const caught = BigInt(`0x${/^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
      return ((caught >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
    } catch {
      return false;
    }
  }

  /** False where there is no container to end. */
  kill(): boolean {
    return this.#call('kill', this.#id, 'KILL').status === 0;
  }

  /** Never throws; a container that is gone already is no error. */
  delete(): void {
    this.#call('delete', '--force', this.#id);
    rmSync(this.#state, { recursive: true, force: true });
  }

  #pid(): number | undefined {
    try {
      const state: unknown = JSON.parse(this.#call('state', this.#id).stdout);
      const hasPid = typeof state === 'object' && state !== null && 'pid' in state;
      return hasPid && typeof state.pid === 'number' && state.pid > 0 ? state.pid : undefined;
    } catch {
      return undefined; // The runtime has not made it yet, or has deleted it.
    }
  }

  #command(verb: string, ...rest: readonly string[]): string[] {
    return ['--root', this.#state, verb, ...rest];
  }

  #call(
    verb: string,
    ...rest: readonly string[]
  ): { readonly status: number | null; readonly stdout: string } {
    return spawnSync(this.runtime, this.#command(verb, ...rest), {
      encoding: 'utf8',
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }
}
