/**
 * Holds the bytes of a tar against the one that entries would be packed to: every header and every padding byte for
 * byte, every content by its digest. What has passed is that tar; nothing is left for two readers to read differently.
 */
import { createHash } from 'node:crypto';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { algorithmOf, encodedOf } from '../../core/digest/digest.ts';
import { LayerError } from '../../core/tar/layer-error.ts';
import { paddingOf } from '../../core/tar/tar-block.ts';
import { endOfTar, writeHeader } from '../../core/tar/tar-header.ts';
import type { FileEntry, TreeEntry } from '../../core/tree/file-tree.ts';

export interface ExpectedTar {
  /** Takes the next bytes, in order. Throws LayerError `layer/not-as-planned` at the first that are others. */
  check(bytes: Uint8Array): void;
  /** Throws LayerError `layer/not-as-planned` unless all the bytes together were the tar. */
  finish(): void;
}

/** `entries` as they are packed: sorted, laid out. */
export function expectTar(entries: Iterable<TreeEntry>): ExpectedTar {
  const pieces = piecesOf(entries);
  let piece = nextPiece(pieces);
  return {
    check: (bytes) => {
      for (let at = 0; at < bytes.length;) {
        if (piece === undefined) throw deviation('it goes on where the planned layer ends');
        const taken = bytes.subarray(at, at + piece.left);
        piece.take(taken);
        at += taken.length;
        if (piece.left === 0) piece = nextPiece(pieces);
      }
    },
    finish: () => {
      if (piece !== undefined) throw deviation(`it ends before ${piece.name}`);
    },
  };
}

/** A stretch of the tar of which `left` bytes, more than 0, are still to come. */
interface Piece {
  readonly name: string;
  left: number;
  take(bytes: Uint8Array): void;
}

function nextPiece(pieces: Iterator<Piece, undefined>): Piece | undefined {
  for (let next = pieces.next(); next.done !== true; next = pieces.next()) {
    if (next.value.left > 0) return next.value;
  }
  return undefined;
}

function* piecesOf(entries: Iterable<TreeEntry>): Generator<Piece, undefined> {
  for (const entry of entries) {
    const name = quoteText(entry.path);
    yield literalPiece(`the header of ${name}`, writeHeader(entry));
    if (entry.type !== 'file') continue;
    yield contentPiece(`the content of ${name}`, entry);
    yield literalPiece(`the padding of ${name}`, new Uint8Array(paddingOf(entry.size)));
  }
  yield literalPiece('the end of the tar', endOfTar);
  return undefined;
}

function literalPiece(name: string, expected: Uint8Array): Piece {
  return {
    name,
    left: expected.length,
    take(bytes) {
      const at = expected.length - this.left;
      if (Buffer.compare(bytes, expected.subarray(at, at + bytes.length)) !== 0) throw differs(name);
      this.left -= bytes.length;
    },
  };
}

function contentPiece(name: string, { size, digest }: FileEntry): Piece {
  const hasher = createHash(algorithmOf(digest));
  return {
    name,
    left: size,
    take(bytes) {
      hasher.update(bytes);
      this.left -= bytes.length;
      if (this.left === 0 && hasher.digest('hex') !== encodedOf(digest)) throw differs(name);
    },
  };
}

function differs(name: string): LayerError {
  return deviation(`${name} is another one`);
}

/** `layer/not-as-planned`; `found` is what it is instead. */
export function deviation(found: string): LayerError {
  const message = `the layer is not the planned one: ${found}`;
  return new LayerError('layer/not-as-planned', message, { help: 'the layer is made here instead' });
}
