/** Sound tars with a few bytes changed, their checksums mended so that the change is what a reader sees. */
import fc from 'fast-check';
import { extended, gnuMagic, member, pax, tar } from './raw-tar.ts';

/** Each kind of header once. */
export const soundTar: Uint8Array = tar(
  member({ name: 'd/', type: '5' }),
  pax(['path', 'd/long'], ['mtime', '1.5'], ['SCHILY.xattr.user.a', 'v']),
  member({ name: 'd/f' }, 'x'.repeat(600)),
  extended('L', 'gnu-long\0'),
  member({ name: 'g', magic: gnuMagic }, 'y'),
  member({ name: 'h', type: '1', link: 'd/f' }),
  member({ name: 'dev', type: '3', major: 1, minor: 3 }),
);

/** Writes the right checksum into every block that has the magic of a header. */
export function mendChecksums(bytes: Uint8Array): Uint8Array {
  const mended = Buffer.from(bytes);
  for (let at = 0; at + 512 <= mended.length; at += 512) {
    if (mended.subarray(at + 257, at + 262).toString('latin1') !== 'ustar') continue;
    mended.fill(0x20, at + 148, at + 156);
    const sum = mended.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
    mended.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
  }
  return mended;
}

/** The same ones each time. Most mutations fall on headers: bodies say nothing to a reader. */
export function mutatedTars(count: number): Uint8Array[] {
  const starts = [0, 512, 1024, 1536, 3072, 3584, 4096, 5120, 5632];
  const place = fc
    .tuple(fc.constantFrom(...starts), fc.nat(511))
    .map(([start, at]) => Math.min(start + at, soundTar.length - 1));
  const value = fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0, 0x2f, 0x2e, 0x20, 0x30, 0x31, 0x80, 0xff),
  );
  const mutations = fc.array(fc.tuple(place, value), { minLength: 1, maxLength: 3 });
  return fc.sample(mutations, { numRuns: count, seed: 7 }).map((drawn) => {
    const bytes = Buffer.from(soundTar);
    for (const [at, byte] of drawn) bytes[at] = byte;
    return mendChecksums(bytes);
  });
}
