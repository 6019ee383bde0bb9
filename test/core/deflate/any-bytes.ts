/** Small inputs of every kind, for fast-check: any bytes, runs, random bytes, text, and rows of them. */
import fc from 'fast-check';
import { randomBytes, textBytes } from './sample-inputs.ts';

const piece = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.tuple(fc.nat(255), fc.nat(2000)).map(([byte, length]) => new Uint8Array(length).fill(byte)),
  fc.tuple(fc.nat(20_000), fc.integer({ min: 1 })).map(([length, seed]) => randomBytes(length, seed)),
  fc.nat(20_000).map(textBytes),
);

/** The same pieces again, so that there is something to find at every distance. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.array(piece, { maxLength: 4 }), fc.array(fc.nat(3), { maxLength: 5 }))
  .map(([pieces, again]) => {
    const repeated = again.map((index) => pieces[index] ?? new Uint8Array(0));
    return new Uint8Array(Buffer.concat([...pieces, ...repeated]));
  });
