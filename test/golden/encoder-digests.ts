/** What the encoder makes of the golden inputs: one line of level, digest, size and name each. */
import { createHash } from 'node:crypto';
import type { Packer } from '../../src/io/layer/packer.ts';
import { noThreads, throughStream } from '../io/layer/through-stream.ts';
import { encoderInputs } from './encoder-inputs.ts';

/** Encodes on the threads of `packer`, or on this one. */
export async function encoderDigests(packer?: Packer): Promise<string> {
  const how =
    packer === undefined
      ? ({ packer: noThreads, encode: 'here' } as const)
      : ({ packer, encode: 'on threads' } as const);
  const lines: string[] = [];
  for (const [name, input] of Object.entries(encoderInputs)) {
    for (const level of [1, 6, 9]) {
      const bytes = await throughStream([input], { compression: { type: 'gzip', level }, ...how });
      const digest = createHash('sha256').update(bytes).digest('hex');
      lines.push(`gzip ${level} sha256:${digest} ${bytes.length} ${name}\n`);
    }
  }
  return lines.join('');
}
