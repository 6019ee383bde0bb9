/**
 * `--load`: an image into the engine of this computer, docker or else podman, by a pipe of a docker-archive into its own
 * `load` (docker-archive.ts). The engine verifies the layers by their diffIDs.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { streamDockerArchive } from './docker-archive.ts';
import type { Delivery, TransportContext } from './transport.ts';
import { TransportError } from './transport-error.ts';

export interface EngineContext {
  /** Where programs are found and which engine is meant: PATH, DOCKER_HOST and others of theirs. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export interface Engine {
  readonly program: 'docker' | 'podman';
  readonly env: EngineContext['env'];
}

/** What has to end well for an engine to count as there: docker's answers only where its daemon does. */
const probes = [
  { program: 'docker', args: ['version', '--format', '{{.Server.Version}}'] },
  { program: 'podman', args: ['--version'] },
] as const;

/** The first engine that answers. Throws TransportError `transport/no-engine` with what each of them said. */
export async function findEngine({ env, signal }: EngineContext): Promise<Engine> {
  const findings: string[] = [];
  for (const { program, args } of probes) {
    const ended = await ending(spawn(program, args, { env, signal, stdio: ['ignore', 'ignore', 'pipe'] }));
    signal.throwIfAborted();
    if (ended.status === 0) return { program, env };
    findings.push(`${program}: ${ended.words}`);
  }
  throw new TransportError('transport/no-engine', `no engine to load into: ${findings.join('; ')}`, {
    help: 'start docker or install podman, or write a docker-archive with -o docker-archive:FILE',
  });
}

/** Throws TransportError `transport/engine-failed` with the engine's words, and what a docker-archive throws. */
export async function loadIntoEngine(
  delivery: Delivery,
  engine: Engine,
  context: TransportContext,
): Promise<void> {
  const { program, env } = engine;
  const child = spawn(program, ['load'], {
    env,
    signal: context.signal,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const ended = ending(child);
  const [sent] = await Promise.allSettled([feed(child, delivery, context)]);
  const { status, words } = await ended;
  context.signal.throwIfAborted();
  // An engine that has ended reads no more: its words say why, and the broken pipe does not.
  if (status !== 0 && (sent.status === 'fulfilled' || isBrokenPipe(sent.reason))) {
    throw new TransportError('transport/engine-failed', `${program} load failed: ${words}`, {
      help: `look whether \`${program} info\` works`,
    });
  }
  if (sent.status === 'rejected') throw sent.reason;
}

async function feed(child: ChildProcess, delivery: Delivery, context: TransportContext): Promise<void> {
  const { stdin } = child;
  if (stdin === null) return;
  const broken = new Promise<never>((_, reject) => {
    stdin.once('error', reject);
  });
  broken.catch(() => undefined);
  const write = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      stdin.write(bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  try {
    await streamDockerArchive(delivery, (bytes) => Promise.race([write(bytes), broken]), context);
  } catch (error) {
    // Half an archive must not be taken for a whole one.
    child.kill();
    throw error;
  }
  stdin.end();
}

function isBrokenPipe(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_DESTROYED';
}

interface Ending {
  /** Undefined where it was killed or could not be started. */
  readonly status: number | undefined;
  /** The last line of its errors, safe to print. */
  readonly words: string;
}

const longestWords = 500;

function ending(child: ChildProcess): Promise<Ending> {
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-4 * longestWords);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      const isMissing = 'code' in error && error.code === 'ENOENT';
      resolve({ status: undefined, words: isMissing ? 'is not installed' : escapeText(error.message) });
    });
    child.once('close', (status) => {
      resolve({ status: status ?? undefined, words: lastLine(words) });
    });
  });
}

function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1) ?? '';
  return line === '' ? 'it said nothing' : escapeText(line.slice(0, longestWords));
}
