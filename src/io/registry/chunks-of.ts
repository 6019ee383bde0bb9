/** A body cut into pieces of one size, to be sent one by one. */
import type { RequestBody } from './request-body.ts';

/** Pieces of `size` bytes, the last one of what is left. One piece is held at a time; it is the receiver's to keep. */
export async function* chunksOf(
  body: RequestBody,
  size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of body.open()) {
    for (let at = 0; at < bytes.length;) {
      const piece = bytes.subarray(at, at + size - length);
      held.push(piece);
      length += piece.length;
      at += piece.length;
      if (length < size) continue;
      yield Buffer.concat(held, length);
      held = [];
      length = 0;
    }
  }
  if (length > 0) yield Buffer.concat(held, length);
}
