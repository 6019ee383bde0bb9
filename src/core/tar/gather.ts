/** Collects a known number of bytes out of chunks of any size, and allocates by what has come, not by what was promised. */

export interface Gathering {
  /** Takes from `chunk` at `at`; how many bytes it took. */
  take(chunk: Uint8Array, at: number): number;
  /** The bytes once all are here: a view of the chunk where they came in one piece, valid until the next take. */
  complete(): Uint8Array | undefined;
  /** Whether some but not all bytes are here. */
  started(): boolean;
}

export function gather(wanted: number): Gathering {
  let buffer: Uint8Array = new Uint8Array(0);
  let whole: Uint8Array | undefined = wanted === 0 ? buffer : undefined;
  let filled = 0;
  return {
    take: (chunk, at) => {
      const taken = Math.min(wanted - filled, chunk.length - at);
      const piece = chunk.subarray(at, at + taken);
      if (taken === wanted) {
        whole = piece;
      } else {
        buffer = withRoom(buffer, { filled, needed: filled + taken, wanted });
        buffer.set(piece, filled);
        if (filled + taken === wanted) whole = buffer.subarray(0, wanted);
      }
      filled += taken;
      return taken;
    },
    complete: () => whole,
    started: () => filled > 0 && whole === undefined,
  };
}

function withRoom(buffer: Uint8Array, room: { filled: number; needed: number; wanted: number }): Uint8Array {
  if (room.needed <= buffer.length) return buffer;
  const grown = new Uint8Array(Math.min(room.wanted, Math.max(room.needed, 2 * buffer.length, 512)));
  grown.set(buffer.subarray(0, room.filled));
  return grown;
}
