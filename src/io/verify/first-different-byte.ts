/** Where the contents of one file in two tars part, and what stands there. */
import type { Found, Sides } from '../../core/compare/difference.ts';
import type { TarMember } from '../../core/compare/tar-member.ts';
import { type LayerAccess, tarOf } from './layer-access.ts';

/** The difference `what` of two contents, with the first byte that differs. Both layers are read up to there. */
export async function contentDifference(
  what: string,
  members: Sides<TarMember>,
  layers: Sides<LayerAccess>,
): Promise<Found> {
  const [ours, theirs] = [
    bytesOf(rangeOf(tarOf(layers.rebuilt), members.rebuilt)),
    bytesOf(rangeOf(tarOf(layers.given), members.given)),
  ];
  try {
    for (let at = 0; ; at += 1) {
      const [rebuilt, given] = [await ours.next(), await theirs.next()];
      if (rebuilt === given && rebuilt !== undefined) continue;
      return {
        field: 'content',
        what: `${what} ${sizes(members)}at byte ${at}:`,
        rebuilt: byteText(rebuilt),
        given: byteText(given),
      };
    }
  } finally {
    await ours.close();
    await theirs.close();
  }
}

function sizes({ rebuilt, given }: Sides<TarMember>): string {
  return rebuilt.size === given.size ? '' : `of ${rebuilt.size} and of ${given.size} bytes `;
}

function byteText(byte: number | undefined): string {
  return byte === undefined ? 'the end' : `0x${byte.toString(16).padStart(2, '0')}`;
}

async function* rangeOf(
  tar: AsyncIterable<Uint8Array>,
  { offset, size }: TarMember,
): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const chunk of tar) {
    const piece = chunk.subarray(Math.max(0, offset - passed), Math.max(0, offset + size - passed));
    passed += chunk.length;
    if (piece.length > 0) yield piece;
    if (passed >= offset + size) return;
  }
}

interface Bytes {
  /** The next byte; undefined at the end. Waits only where a chunk has been used up. */
  next(): number | undefined | Promise<number | undefined>;
  close(): Promise<void>;
}

function bytesOf(chunks: AsyncGenerator<Uint8Array>): Bytes {
  let chunk: Uint8Array = new Uint8Array(0);
  let at = 0;
  const refill = async (): Promise<number | undefined> => {
    const next = await chunks.next();
    if (next.done === true) return undefined;
    chunk = next.value;
    at = 1;
    return chunk[0];
  };
  return {
    next: () => {
      if (at === chunk.length) return refill();
      at += 1;
      return chunk[at - 1];
    },
    close: async () => {
      await chunks.return(undefined);
    },
  };
}
