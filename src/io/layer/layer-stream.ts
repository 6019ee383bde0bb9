/**
 * Tar bytes in, layer bytes out: cuts the tar in blocks, has them encoded at the same time, writes them out in order.
 * The diffID is taken in the same pass; the sink takes the digest of what it is given, so nothing is read back.
 */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Bug } from '../../core/diagnostic/bug.ts';
import { type Digest, trustedDigest } from '../../core/digest/digest.ts';
import type { Compression } from '../../core/recipe/recipe.ts';
import type { Block } from './block-pool.ts';
import { createFraming, type Framing } from './framing.ts';
import { type Geometry, geometryOf } from './geometry.ts';
import type { ByteSink } from './layer-io.ts';
import type { Packer } from './packer.ts';

export interface LayerStreamRequest {
  readonly compression: Compression;
  readonly sink: ByteSink;
  readonly packer: Packer;
  /** Bytes that the tar will have. */
  readonly tarBytes: number;
  readonly signal: AbortSignal;
  /** Called after each block. */
  readonly onBlock: () => void;
}

/** Use it as room, filled, room, filled …; then `end`. `close` must follow, whatever happened. */
export class LayerStream {
  readonly #request: LayerStreamRequest;
  readonly #geometry: Geometry;
  readonly #framing: Framing;
  readonly #diffHash = createHash('sha256');
  /** The last bytes of the block before, for the next one's encoder. */
  readonly #history: Uint8Array;
  #historyLength = 0;
  #block: Block | undefined;
  #filledBytes = 0;
  /** Resolves when all blocks so far are written out. */
  #written: Promise<void> = Promise.resolve();
  #failed = false;

  private constructor(request: LayerStreamRequest) {
    this.#request = request;
    this.#geometry = geometryOf(request.compression);
    this.#history = new Uint8Array(this.#geometry.historyBytes);
    this.#framing = createFraming(request.compression);
  }

  static async begin(request: LayerStreamRequest): Promise<LayerStream> {
    request.signal.throwIfAborted();
    const stream = new LayerStream(request);
    stream.#writeOut(stream.#framing.header);
    await stream.#nextBlock();
    return stream;
  }

  /** Where the next bytes of the tar belong, at least one; say how many were put there by `filled`. */
  get room(): Uint8Array {
    return this.#blockBytes(this.#filledBytes, this.#geometry.blockBytes);
  }

  /** Wait for it before the next use of `room`. Throws the signal's reason, and what encoding or the sink throws. */
  filled(count: number): Promise<void> | undefined {
    this.#filledBytes += count;
    return this.#filledBytes < this.#geometry.blockBytes ? undefined : this.#turnBlock();
  }

  /** Bytes that fit before the block is full. */
  get free(): number {
    return this.#geometry.blockBytes - this.#filledBytes;
  }

  /** As `filled`: to be waited for where it is a promise. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    if (bytes.length >= this.free) return this.#writeAcross(bytes);
    this.#heldBlock().input.set(bytes, this.#geometry.historyBytes + this.#filledBytes);
    return this.filled(bytes.length);
  }

  async #writeAcross(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const { room } = this;
      const piece = bytes.subarray(at, at + room.length);
      room.set(piece);
      at += piece.length;
      await this.filled(piece.length);
    }
  }

  /** Writes what is left; resolves with the diffID when the sink has everything. */
  async end(): Promise<Digest> {
    if (this.#filledBytes > 0) this.#sendBlock();
    await this.#written.catch((error: unknown) => {
      this.#request.signal.throwIfAborted();
      throw error;
    });
    this.#writeOut(this.#framing.trailer());
    this.#request.onBlock();
    return trustedDigest(`sha256:${this.#diffHash.digest('hex')}`);
  }

  /** Gives every block back. After this nothing is written any more. Never throws. */
  async close(): Promise<void> {
    this.#failed = true;
    if (this.#block !== undefined) this.#request.packer.blocks.giveBack(this.#block);
    this.#block = undefined;
    await this.#written.catch(() => undefined);
  }

  /** Lets the event loop have a turn too: answers of threads, timers and signals come in there. */
  async #turnBlock(): Promise<void> {
    this.#sendBlock();
    this.#request.onBlock();
    await nextTurn();
    await this.#nextBlock();
    // An abort ends the threads, so it is looked at before what became of their blocks.
    this.#request.signal.throwIfAborted();
    if (this.#failed) await this.#written;
  }

  async #nextBlock(): Promise<void> {
    const block = await this.#request.packer.blocks.lend(this.#geometry);
    block.input.set(this.#history);
    this.#block = block;
    this.#filledBytes = 0;
  }

  #sendBlock(): void {
    const block = this.#heldBlock();
    const bytes = this.#blockBytes(0, this.#filledBytes);
    this.#diffHash.update(bytes);
    this.#framing.update(bytes);
    const encoding = this.#encode(block, bytes);
    this.#keepHistory(bytes);
    this.#block = undefined;
    this.#filledBytes = 0;
    const before = this.#written;
    this.#written = this.#writeWhenEncoded(encoding, before).finally(() => {
      this.#request.packer.blocks.giveBack(block);
    });
    this.#written.catch(() => {
      this.#failed = true;
    });
  }

  async #encode(block: Block, bytes: Uint8Array): Promise<Uint8Array> {
    const { compression, packer, tarBytes } = this.#request;
    if (compression.type === 'none') return bytes;
    const start = this.#geometry.historyBytes;
    const history = block.input.subarray(start - this.#historyLength, start);
    return packer.encode({ compression, block: bytes, history, output: block.output }, tarBytes);
  }

  /** The block is settled when this is, whether or not those before it were. */
  async #writeWhenEncoded(encoding: Promise<Uint8Array>, before: Promise<void>): Promise<void> {
    const [encoded] = await Promise.allSettled([encoding, before]);
    await before;
    if (encoded.status === 'rejected') throw encoded.reason;
    this.#writeOut(encoded.value);
  }

  #writeOut(bytes: Uint8Array): void {
    if (this.#failed || bytes.length === 0) return;
    this.#request.sink.write(bytes);
  }

  // A whole block always holds the whole history of the next: no block is shorter than that but the last.
  #keepHistory(bytes: Uint8Array): void {
    const kept = bytes.subarray(Math.max(bytes.length - this.#history.length, 0));
    this.#history.set(kept);
    this.#historyLength = kept.length;
  }

  #blockBytes(from: number, to: number): Uint8Array {
    const start = this.#geometry.historyBytes;
    return this.#heldBlock().input.subarray(start + from, start + to);
  }

  #heldBlock(): Block {
    if (this.#block === undefined) throw new Bug('a layer stream was used while it has no block');
    return this.#block;
  }
}
