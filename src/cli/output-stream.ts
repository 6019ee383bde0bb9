/** A stream of the process as an OutputStream. */
import { writeSync } from 'node:fs';
import type { WriteStream } from 'node:tty';
import { cureFor, systemWords } from '../io/store/file-problem.ts';
import { type Secret, withoutSecrets } from '../io/registry/secret.ts';
import { CommandError } from './command-error.ts';
import type { OutputStream } from './surroundings.ts';

type ProcessStream = NodeJS.WriteStream & { readonly fd: number };

/** For results: throws `command/unwritable-file` where they cannot be written, but not where nobody reads them. */
export function openResults(stream: ProcessStream): OutputStream {
  return openOutput(stream, (error) => {
    throw new CommandError(
      'command/unwritable-file',
      `standard output cannot be written: ${systemWords(error)}`,
      { help: cureFor(error), cause: error },
    );
  });
}

/** For messages: where they cannot be written there is nobody left to tell. */
export function openMessages(stream: ProcessStream): OutputStream {
  return openOutput(stream, () => undefined);
}

/**
 * The same stream, which shows none of the secrets known when it is written to. A registry sees our password, and can
 * put it where we repeat what it says: into a redirect, a digest, an annotation.
 */
export function withoutSecretsIn(stream: OutputStream, secrets: ReadonlySet<Secret>): OutputStream {
  return {
    write: (text) => {
      stream.write(typeof text === 'string' ? withoutSecrets(text, secrets) : text);
    },
    lost: stream.lost,
    get isTty() {
      return stream.isTty;
    },
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
  };
}

/** Writes synchronously, so that nothing is lost when the process ends. */
function openOutput(stream: ProcessStream, onFailure: (error: unknown) => void): OutputStream {
  let open = true;
  const lost = new AbortController();
  stream.on('error', () => {
    open = false;
  });
  return {
    write: (text) => {
      if (!open) return;
      try {
        writeAll(stream.fd, typeof text === 'string' ? Buffer.from(text, 'utf8') : text);
      } catch (error) {
        open = false;
        if (!isReaderGone(error)) onFailure(error);
        else if (!isClosed(error)) lost.abort(error);
      }
    },
    lost: lost.signal,
    get isTty() {
      return stream.isTTY;
    },
    get columns() {
      // A terminal that does not know its size says 0.
      return (stream as Partial<WriteStream>).columns || 80;
    },
    get rows() {
      return (stream as Partial<WriteStream>).rows || 24;
    },
  };
}

function writeAll(fd: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      // A pipe that is full and does not block: the reader is slow, not gone.
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** A closed pipe, a closed descriptor, a terminal that has hung up. */
function isReaderGone(error: unknown): boolean {
  return ['EPIPE', 'EBADF', 'EIO'].includes(codeOf(error) ?? '');
}

/** Never open to us: whoever started us wanted it so. */
function isClosed(error: unknown): boolean {
  return codeOf(error) === 'EBADF';
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
