/**
 * A strict tar reader: a pure step over chunks of any size. It reads ustar, PAX, GNU long names and base-256 numbers;
 * it refuses, by a LayerError with a code of its own, what is malformed, what leaves the image, what passes a limit,
 * and what GNU tar, bsdtar and Go's archive/tar would read differently. Names are bytes (see ImagePath). Nothing is
 * allocated by a declared size.
 *
 *   header ─┬─▶ extension (x g L K) ─▶ padding ─▶ header
 *           ├─▶ content (files) ─────▶ padding ─▶ header
 *           └─▶ zero block ─▶ second zero block ─▶ trailer (NULs only)
 */
import { Bug } from '../diagnostic/bug.ts';
import { type ExtendedHeader, isExtension, mergeExtension, noExtensions } from './extended-header.ts';
import { gather, type Gathering } from './gather.ts';
import { LayerError, limitHelp, refusal } from './layer-error.ts';
import { type BlockFacts, readBlock } from './read-block.ts';
import { type Extensions, resolveEntry } from './resolve-entry.ts';
import { blockSize, isZeroBlock, paddingOf } from './tar-block.ts';
import type { TarEntry, TarLimits, TarReader, TarStep } from './tar-entry.ts';

export function createTarReader(limits: TarLimits): TarReader {
  return new StrictTarReader(limits);
}

type Phase = 'header' | 'extension' | 'content' | 'padding' | 'trailer';

class StrictTarReader implements TarReader {
  readonly #limits: TarLimits;
  #phase: Phase = 'header';
  /** Bytes of the tar that were taken so far. */
  #offset = 0;
  #entries = 0;
  #zeroBlocks = 0;
  #gathering: Gathering = gather(blockSize);
  #extended: Omit<ExtendedHeader, 'body'> | undefined;
  #extensions: Extensions = noExtensions;
  #content = 0;
  #padding = 0;
  #busy = false;

  constructor(limits: TarLimits) {
    this.#limits = limits;
  }

  push(chunk: Uint8Array): Iterable<TarStep> {
    if (this.#busy)
      throw new Bug('a tar reader was pushed a chunk before the steps of the last one were taken');
    this.#busy = true;
    return this.#steps(chunk);
  }

  end(): void {
    if (this.#busy) throw new Bug('a tar reader was ended before the steps of the last chunk were taken');
    const between =
      this.#phase === 'header' && !this.#gathering.started() && this.#extensions === noExtensions;
    // An archive without end blocks is whole to every reader; one that stops inside an entry is not.
    if (between || this.#phase === 'trailer') return;
    throw new LayerError('layer/truncated', `the tar ends inside an entry, after ${this.#offset} bytes`, {
      help: 'fetch or make it again',
    });
  }

  *#steps(chunk: Uint8Array): Generator<TarStep> {
    if (this.#offset + chunk.length > this.#limits.maxTotalBytes) throw this.#tooLarge();
    for (let at = 0; at < chunk.length;) {
      const taken = yield* this.#step(chunk, at);
      at += taken;
      this.#offset += taken;
    }
    this.#busy = false;
  }

  /** Takes some bytes of the chunk and returns how many. */
  *#step(chunk: Uint8Array, at: number): Generator<TarStep, number> {
    switch (this.#phase) {
      case 'header':
        return yield* this.#takeHeader(chunk, at);
      case 'extension':
        return this.#takeExtension(chunk, at);
      case 'content':
        return yield* this.#takeContent(chunk, at);
      case 'padding':
        return this.#takePadding(chunk, at);
      case 'trailer':
        return this.#takeTrailer(chunk, at);
    }
  }

  *#takeHeader(chunk: Uint8Array, at: number): Generator<TarStep, number> {
    const taken = this.#gathering.take(chunk, at);
    const block = this.#gathering.complete();
    if (block === undefined) return taken;
    this.#gathering = gather(blockSize);
    const offset = this.#offset + taken - blockSize;
    if (isZeroBlock(block)) {
      this.#takeZeroBlock(offset);
      return taken;
    }
    if (this.#zeroBlocks > 0) throw trailingData(offset);
    const facts = readBlock(block, offset);
    if (isExtension(facts.type)) this.#beginExtension(facts, offset);
    else yield* this.#beginEntry(facts, offset);
    return taken;
  }

  #takeZeroBlock(offset: number): void {
    if (this.#extensions !== noExtensions) {
      throw refusal('layer/bad-header', { offset, found: 'ends the tar right after an extended header' });
    }
    this.#zeroBlocks += 1;
    if (this.#zeroBlocks === 2) this.#phase = 'trailer';
  }

  #beginExtension(facts: BlockFacts, offset: number): void {
    const { size, type } = facts;
    const { maxHeaderBytes } = this.#limits;
    if (size < 0 || size > maxHeaderBytes) {
      const found = `is an extended header of ${size} bytes`;
      const help = limitHelp('maxHeaderBytes', maxHeaderBytes);
      throw refusal('layer/header-too-large', { offset, found, help });
    }
    this.#extended = { type, offset };
    this.#gathering = gather(size);
    this.#padding = paddingOf(size);
    this.#phase = 'extension';
    if (size === 0) this.#finishExtension(new Uint8Array(0));
  }

  #takeExtension(chunk: Uint8Array, at: number): number {
    const taken = this.#gathering.take(chunk, at);
    const body = this.#gathering.complete();
    if (body !== undefined) this.#finishExtension(body);
    return taken;
  }

  #finishExtension(body: Uint8Array): void {
    if (this.#extended === undefined) throw new Bug('an extended header has no header');
    this.#extensions = mergeExtension(this.#extensions, { ...this.#extended, body });
    this.#gathering = gather(blockSize);
    this.#phase = this.#padding > 0 ? 'padding' : 'header';
  }

  *#beginEntry(block: BlockFacts, offset: number): Generator<TarStep> {
    const entry = resolveEntry({ block, extensions: this.#extensions, offset }, this.#limits);
    this.#extensions = noExtensions;
    this.#checkLimits(entry, offset);
    yield { type: 'entry', entry, offset: offset + blockSize };
    if (entry.type !== 'file') return;
    this.#content = entry.size;
    this.#padding = paddingOf(entry.size);
    if (entry.size > 0) this.#phase = 'content';
    else yield { type: 'end-of-content' };
  }

  #checkLimits(entry: TarEntry, offset: number): void {
    const { maxEntries, maxTotalBytes } = this.#limits;
    this.#entries += 1;
    if (this.#entries > maxEntries) {
      const found = `is one more than the ${maxEntries} that a tar may have`;
      const help = limitHelp('maxEntries', maxEntries);
      throw refusal('layer/too-many-entries', { offset, name: entry.path, found, help });
    }
    if (entry.type === 'file' && offset + entry.size > maxTotalBytes) {
      const found = `says that it has ${entry.size} bytes`;
      const help = limitHelp('maxTotalBytes', maxTotalBytes);
      throw refusal('layer/too-large', { offset, name: entry.path, found, help });
    }
  }

  *#takeContent(chunk: Uint8Array, at: number): Generator<TarStep, number> {
    const bytes = chunk.subarray(at, at + Math.min(this.#content, chunk.length - at));
    this.#content -= bytes.length;
    yield { type: 'content', bytes };
    if (this.#content > 0) return bytes.length;
    yield { type: 'end-of-content' };
    this.#phase = this.#padding > 0 ? 'padding' : 'header';
    return bytes.length;
  }

  #takePadding(chunk: Uint8Array, at: number): number {
    const taken = Math.min(this.#padding, chunk.length - at);
    this.#padding -= taken;
    if (this.#padding === 0) this.#phase = 'header';
    return taken;
  }

  #takeTrailer(chunk: Uint8Array, at: number): number {
    for (let index = at; index < chunk.length; index += 1) {
      if (chunk[index] !== 0) throw trailingData(this.#offset + index - at);
    }
    return chunk.length - at;
  }

  #tooLarge(): LayerError {
    const { maxTotalBytes } = this.#limits;
    const message = `the tar goes on after ${maxTotalBytes} bytes`;
    return new LayerError('layer/too-large', message, { help: limitHelp('maxTotalBytes', maxTotalBytes) });
  }
}

function trailingData(offset: number): LayerError {
  return new LayerError('layer/trailing-data', `the tar has more after its end, at byte ${offset}`, {
    help: 'a tar that others were appended to is read differently by different tools; make it anew',
  });
}
