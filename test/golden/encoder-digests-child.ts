/** Prints the digests, for a Node that runs no vitest. */
import { encoderDigests } from './encoder-digests.ts';

process.stdout.write(await encoderDigests());
