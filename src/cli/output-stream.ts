/** A stream of the process as an OutputStream. */
import { writeSync } from 'node:fs';
import type { WriteStream } from 'node:tty';
import type { OutputStream } from './surroundings.ts';

/** Writes synchronously, so that nothing is lost when the process ends; a reader that has gone away is no error. */
export function openOutput(stream: NodeJS.WriteStream & { readonly fd: number }): OutputStream {
  let open = true;
  stream.on('error', () => {
    open = false;
  });
  return {
    write: (text) => {
      if (open) open = writeAll(stream.fd, typeof text === 'string' ? Buffer.from(text, 'utf8') : text);
    },
    get isTty() {
      return stream.isTTY;
    },
    get columns() {
      // A terminal that does not know its size says 0.
      return (stream as Partial<WriteStream>).columns || 80;
    },
  };
}

/** False where the reader has gone away. */
function writeAll(fd: number, bytes: Uint8Array): boolean {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A pipe that is full and does not block: the reader is slow, not gone.
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      else if (code === 'EPIPE' || code === 'EBADF' || code === 'EIO') return false;
      else throw error;
    }
  }
  return true;
}
