/**
 * The outline of a tar: each member with every field of its headers and the digest of its content. A pure step over
 * chunks of any size. It trusts the tar: whoever asks has had a strict reader read it before.
 *
 *   header ─┬─▶ extension ─▶ padding ─▶ header
 *           ├─▶ content ───▶ padding ─▶ header
 *           └─▶ zero block ─▶ rest
 */
import { Bug } from '../diagnostic/bug.ts';
import type { Digest } from '../digest/digest.ts';
import { copyBytes } from '../tar/bytes.ts';
import { isExtension } from '../tar/extended-header.ts';
import { gather, type Gathering } from '../tar/gather.ts';
import { readBlock } from '../tar/read-block.ts';
import { blockSize, isZeroBlock, paddingOf } from '../tar/tar-block.ts';
import { type Extension, type MemberHeader, memberHeader, type TarMember } from './tar-member.ts';

export interface TarOutline {
  readonly members: readonly TarMember[];
  /** Bytes from the first block of zeros to the end. */
  readonly ending: number;
}

/** Takes the digest of a stream; made anew for each. */
export interface StreamDigest {
  update(bytes: Uint8Array): void;
  digest(): Digest;
}

export interface TarOutliner {
  push(chunk: Uint8Array): void;
  /** After the last chunk. */
  outline(): TarOutline;
}

export function createTarOutliner(startDigest: () => StreamDigest): TarOutliner {
  return new Outliner(startDigest);
}

type Phase = 'header' | 'extension' | 'content' | 'padding' | 'rest';

class Outliner implements TarOutliner {
  readonly #startDigest: () => StreamDigest;
  readonly #members: TarMember[] = [];
  #phase: Phase = 'header';
  #offset = 0;
  #ending = 0;
  #gathering: Gathering = gather(blockSize);
  #header: StreamDigest;
  #extensionType = '';
  #extensions: Extension[] = [];
  #member: MemberHeader | undefined;
  #content: StreamDigest;
  #left = 0;
  #padding: TarMember['padding'] = 'zeros';

  constructor(startDigest: () => StreamDigest) {
    this.#startDigest = startDigest;
    this.#header = startDigest();
    this.#content = startDigest();
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const taken = this.#take(chunk, at);
      at += taken;
      this.#offset += taken;
    }
  }

  outline(): TarOutline {
    this.#finishMember();
    return { members: this.#members, ending: this.#ending };
  }

  #take(chunk: Uint8Array, at: number): number {
    switch (this.#phase) {
      case 'header':
      case 'extension':
        return this.#gather(chunk, at);
      case 'content':
        return this.#takeContent(chunk.subarray(at, at + this.#left));
      case 'padding':
        return this.#takePadding(chunk.subarray(at, at + this.#left));
      case 'rest':
        this.#ending += chunk.length - at;
        return chunk.length - at;
    }
  }

  #gather(chunk: Uint8Array, at: number): number {
    const taken = this.#gathering.take(chunk, at);
    const bytes = this.#gathering.complete();
    if (bytes === undefined) return taken;
    if (this.#phase === 'header') this.#takeBlock(bytes, this.#offset + taken);
    else this.#takeExtension(bytes);
    return taken;
  }

  #takeBlock(block: Uint8Array, offset: number): void {
    this.#gathering = gather(blockSize);
    if (isZeroBlock(block)) {
      this.#phase = 'rest';
      this.#ending = blockSize;
      return;
    }
    this.#finishMember();
    this.#header.update(block);
    const { type, size } = readBlock(block, offset - blockSize);
    if (isExtension(type)) this.#beginExtension(type, size);
    else this.#beginMember(block, offset);
  }

  #beginExtension(type: string, size: number): void {
    this.#extensionType = type;
    this.#gathering = gather(size);
    this.#phase = 'extension';
    if (size === 0) this.#takeExtension(new Uint8Array(0));
  }

  #takeExtension(body: Uint8Array): void {
    this.#header.update(body);
    this.#extensions.push({ type: this.#extensionType, body: copyBytes(body) });
    this.#gathering = gather(blockSize);
    this.#leave(paddingOf(body.length));
  }

  #beginMember(block: Uint8Array, offset: number): void {
    const header = this.#header.digest();
    this.#member = memberHeader({ block, extensions: this.#extensions, header, offset });
    this.#header = this.#startDigest();
    this.#content = this.#startDigest();
    this.#extensions = [];
    this.#padding = 'zeros';
    this.#left = this.#member.type === '0' ? this.#member.size : 0;
    if (this.#left > 0) this.#phase = 'content';
  }

  #takeContent(bytes: Uint8Array): number {
    this.#content.update(bytes);
    this.#left -= bytes.length;
    if (this.#left === 0) this.#leave(paddingOf(this.#member?.size ?? 0));
    return bytes.length;
  }

  /** What was begun ends; so many bytes fill up its last block. */
  #leave(padding: number): void {
    this.#left = padding;
    this.#phase = padding > 0 ? 'padding' : 'header';
  }

  #takePadding(bytes: Uint8Array): number {
    if (bytes.some((byte) => byte !== 0)) this.#padding = 'other bytes';
    this.#left -= bytes.length;
    if (this.#left === 0) this.#phase = 'header';
    return bytes.length;
  }

  #finishMember(): void {
    if (this.#member === undefined) return;
    if (this.#left > 0) throw new Bug('the outline of a tar was asked for in the middle of a member');
    this.#members.push({ ...this.#member, content: this.#content.digest(), padding: this.#padding });
    this.#member = undefined;
  }
}
