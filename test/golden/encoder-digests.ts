/** What the encoder makes of the golden inputs: one line of level, digest, size and name each. */
import { createHash } from 'node:crypto';
import { createDeflateEncoder } from '../../src/core/deflate/deflate-encoder.ts';
import { createGzipEncoder } from '../../src/core/deflate/gzip-encoder.ts';
import { encoderInputs } from './encoder-inputs.ts';

export function encoderDigests(): string {
  const lines = Object.entries(encoderInputs).flatMap(([name, input]) =>
    ([1, 6, 9] as const).map((level) => {
      const hash = createHash('sha256');
      let size = 0;
      const gzip = createGzipEncoder({
        encoder: createDeflateEncoder(level),
        onBytes: (bytes) => {
          hash.update(bytes);
          size += bytes.length;
        },
      });
      gzip.write(input);
      gzip.end();
      return `gzip ${level} sha256:${hash.digest('hex')} ${size} ${name}\n`;
    }),
  );
  return lines.join('');
}
