/**
 * Inflates gzip by node:zlib (inflate has one right answer), strictly. Several members after one another are one
 * stream (RFC 1952, 2.2), as containerd, umoci and GNU gzip read them and as pigz and eStargz write them. Anything else
 * behind a member is refused, but for zeros alone where they are allowed; node:zlib would also pass over what follows
 * them.
 */
import { createGunzip, type Gunzip } from 'node:zlib';
import { Failure } from '../../core/diagnostic/failure.ts';
import { LayerError } from '../../core/tar/layer-error.ts';
import { checkRatio } from './check-ratio.ts';

/** Each buffer is inflated on another thread, and handing it over costs some 50 microseconds. */
const chunkSize = 512 * 1024;

/**
 * The inflated bytes, no more than one buffer ahead of the consumer. A chunk is taken only when the one before it has
 * been used up. Throws LayerError, and what `chunks` throws as it is.
 */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  maxRatio: number,
  behind: 'nothing' | 'zeros' = 'nothing',
): AsyncGenerator<Uint8Array> {
  const stream = createGunzip({ chunkSize });
  const feeding = feed(stream, chunks, behind);
  // The reading side below is where the failure shows.
  feeding.catch((error: unknown) => stream.destroy(error instanceof Error ? error : undefined));
  try {
    let given = 0;
    for await (const bytes of stream as AsyncIterable<Uint8Array>) {
      given += bytes.length;
      checkRatio({ format: 'gzip', given, taken: stream.bytesWritten }, maxRatio);
      yield bytes;
    }
    await feeding;
  } catch (error) {
    throw failureOf(error);
  } finally {
    stream.destroy();
    await feeding.catch(() => undefined);
  }
}

async function feed(
  stream: Gunzip,
  chunks: AsyncIterable<Uint8Array>,
  behind: 'nothing' | 'zeros',
): Promise<void> {
  let fed = 0;
  /** Where the stream ended before its bytes did. */
  let end: number | undefined;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    if (end === undefined && (await write(stream, chunk)) === 'closed') return;
    if (end !== undefined || stream.bytesWritten < fed + chunk.length) {
      end ??= stream.bytesWritten;
      const rest = chunk.subarray(Math.max(end - fed, 0));
      if (behind === 'nothing' || rest.some((byte) => byte !== 0)) throw trailingData(end);
    }
    fed += chunk.length;
  }
  stream.end();
}

/** Resolves when the chunk has been used up, or when the stream is closed: then its callback may never be called. */
function write(stream: Gunzip, chunk: Uint8Array): Promise<'used' | 'closed'> {
  return new Promise((resolve) => {
    const onClose = (): void => resolve('closed');
    if (stream.destroyed) {
      onClose();
      return;
    }
    stream.once('close', onClose);
    stream.write(chunk, (error) => {
      stream.off('close', onClose);
      // A failure is thrown to the reader of the stream; here it only means that no more is wanted.
      resolve(error ? 'closed' : 'used');
    });
  });
}

function trailingData(at: number): LayerError {
  return new LayerError('layer/trailing-data', `bytes follow the end of the gzip stream, at byte ${at}`, {
    help: 'different tools read such a stream differently; make it anew',
  });
}

function failureOf(error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error) || !isZlibError(error)) return error;
  const options = { cause: error, help: 'fetch or make it again' };
  if (error.code === 'Z_BUF_ERROR') {
    return new LayerError('layer/truncated', 'the gzip stream ends too early', options);
  }
  if (/incorrect (data|length) check/.test(error.message)) {
    const message = `the gzip stream does not match its own checksum: ${error.message}`;
    return new LayerError('layer/gzip-checksum', message, options);
  }
  return new LayerError('layer/bad-gzip', `the gzip stream is malformed: ${error.message}`, options);
}

function isZlibError(error: Error): error is Error & { readonly code: string } {
  return 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}
