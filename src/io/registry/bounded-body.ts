/** A whole body in memory, never more than a limit: for manifests, tokens and error documents. */
import type { WireResponse } from './wire.ts';

/** The bytes, or `too-large` as soon as the answer declares or sends more than `limit` of them. */
export async function readBounded(response: WireResponse, limit: number): Promise<Uint8Array | 'too-large'> {
  if (Number(response.header('content-length') ?? 0) > limit) {
    await response.discard();
    return 'too-large';
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > limit) return 'too-large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
