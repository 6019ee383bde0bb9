/**
 * libzstd, as @bokuweb/zstd-wasm ships it compiled. Only the package's wasm file is used, in instances of our own: the
 * script beside it keeps one instance for the whole process, prints to the console when it fails, and does not look
 * whether memory could be had. The file is held against its digest, since its bytes decide the bytes of layers.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Bug } from '../../core/diagnostic/bug.ts';
import { LayerError } from '../../core/tar/layer-error.ts';

/** Addresses and lengths are bytes of the instance's own memory. Functions that can fail return an error code. */
export interface Libzstd {
  /** The memory as it is now; growing detaches older views. */
  bytes(): Uint8Array;
  /** Throws RangeError where there is none left. */
  malloc(length: number): number;
  /** The longest that a frame of so many bytes can be. */
  compressBound(length: number): number;
  /** Makes one frame: the length of what stands at `to`, or an error code. */
  compress(to: Span, from: Span, level: number): number;
  isError(code: number): boolean;
}

export interface Span {
  readonly at: number;
  readonly length: number;
}

/** Of dist/common/zstd.wasm in version 0.0.27. */
const pinnedSha256 = '80260eee5795ee8072bb5821e203730c74dca3909938f5ac1128da67f96223df';

/** A new instance with a memory of its own. Throws LayerError `layer/zstd-package`. */
export async function openLibzstd(): Promise<Libzstd> {
  compiled ??= readFile(wasmFile()).catch(notInstalled).then(compileLibzstd);
  return instantiate(await compiled);
}

/** V8 compiles it once and makes it faster while it runs, for every instance. */
let compiled: Promise<WasmModule> | undefined;

/** Throws LayerError `layer/zstd-package` for any bytes but those of the pinned version. */
export async function compileLibzstd(bytes: Uint8Array): Promise<WasmModule> {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === pinnedSha256) return WebAssembly.compile(bytes);
  throw new LayerError('layer/zstd-package', 'the package @bokuweb/zstd-wasm is not of version 0.0.27', {
    help: 'install layerwright again, without overriding what it depends on: the bytes of layers come from it',
  });
}

function wasmFile(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@bokuweb/zstd-wasm')), 'zstd.wasm');
}

function notInstalled(cause: unknown): never {
  throw new LayerError('layer/zstd-package', 'the package @bokuweb/zstd-wasm cannot be read', {
    cause,
    help: 'install layerwright again with all that it depends on',
  });
}

/** What is used of it; TypeScript has the types of WebAssembly for browsers only. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  instantiate(module: WasmModule, imports: object): Promise<{ readonly exports: unknown }>;
};

type WasmModule = object;

/** The names that the package's linker gave them; its script has the same list. */
interface Exports {
  readonly f: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** Runs constructors; called once. */
  readonly g: () => void;
  readonly h: (code: number) => number;
  readonly i: (length: number) => number;
  /** To, its length, from, its length, the level. */
  readonly m: (...numbers: readonly number[]) => number;
  readonly s: (length: number) => number;
}

const pageBytes = 65_536;

async function instantiate(module: WasmModule): Promise<Libzstd> {
  let exports: Exports | undefined = undefined;
  const grow = (wanted: number): number => (exports === undefined ? 0 : growTo(exports.f, wanted >>> 0));
  const imports = { a: exit, b: () => undefined, c: exit, d: () => 0, e: grow };
  const instance = await WebAssembly.instantiate(module, { a: imports });
  const wasm = (exports = instance.exports as Exports);
  wasm.g();
  return {
    bytes: () => new Uint8Array(wasm.f.buffer),
    malloc: (length) => wasm.s(length) || noMemory(),
    compressBound: wasm.i,
    compress: (to, from, level) => wasm.m(to.at, to.length, from.at, from.length, level) >>> 0,
    isError: (code) => wasm.h(code) !== 0,
  };
}

function noMemory(): never {
  throw new RangeError('no memory is left for libzstd');
}

function exit(): never {
  throw new Bug('libzstd ended itself');
}

function growTo(memory: Exports['f'], wanted: number): 0 | 1 {
  try {
    memory.grow(Math.ceil((wanted - memory.buffer.byteLength) / pageBytes));
    return 1;
  } catch {
    // malloc returns 0 then.
    return 0;
  }
}
