/** What a command may know of the world, given as arguments to everything below: only cli/ reads process. */
import type { Readable } from 'node:stream';
import type { Secret } from '../io/registry/secret.ts';
import type { SignalListener } from './signals.ts';

export interface OutputStream {
  /** Writes at once, text as UTF-8; a reader that has gone away (EPIPE) is no error of ours. */
  write(text: string | Uint8Array): void;
  /** Aborted when a write finds that the reader has gone away. */
  readonly lost: AbortSignal;
  readonly isTty: boolean;
  readonly columns: number;
  readonly rows: number;
}

export interface Surroundings {
  /** The working folder, absolute; `-C` changes it before a command sees it. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The user's number; undefined where the system has none (Windows). */
  readonly uid: number | undefined;
  readonly stdin: Readable;
  /** The result and nothing else. */
  readonly stdout: OutputStream;
  /** Everything else; kept secrets are taken out of it. */
  readonly stderr: OutputStream;
  /** From now on the secret shows on stderr as `[secret]`, whoever says it. */
  readonly keepSecret: (secret: Secret) => void;
  /** What starts this command again: a program, and its first arguments. */
  readonly program: readonly [string, ...string[]];
  readonly processors: number;
  /** `v20.19.0`. */
  readonly nodeVersion: string;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** Hands every signal to a listener instead, until the function that is returned is called. */
  listen(listener: SignalListener): () => void;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}
