/**
 * The WebAssembly of the encoder, made ready. Compiled once for each thread, when it is first asked for. Knows what
 * assembly/index.ts exports and nothing of what it does.
 */
import { fromBase64 } from '../digest/base64.ts';
import { Bug } from '../diagnostic/bug.ts';
import { encoderWasm } from './encoder-wasm.ts';

export interface EncoderInstance {
  /** The whole linear memory; it never grows, so the view stays good. */
  readonly memory: Uint8Array;
  /** What assembly/memory-map.ts exports: addresses and sizes, by name. */
  readonly map: Readonly<Record<string, number>>;
  readonly setEffort: (depth: number, nextDepth: number, nice: number) => void;
  /** Of the lengths of history and block; gives the length of the output. */
  readonly deflate: (history: number, block: number) => number;
}

/** As much of the standard interface as is used: neither Node's types for Node 20 nor those of the language have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: EncoderExports };
};

interface EncoderExports extends Pick<EncoderInstance, 'setEffort' | 'deflate'> {
  readonly memory: { readonly buffer: ArrayBuffer };
}

let compiled: object | undefined;

export function instantiateEncoder(): EncoderInstance {
  compiled ??= compile();
  const { exports } = new WebAssembly.Instance(compiled);
  const { memory, setEffort, deflate } = exports;
  return { memory: new Uint8Array(memory.buffer), map: readMap(exports), setEffort, deflate };
}

function compile(): object {
  const bytes = fromBase64(encoderWasm);
  if (bytes === undefined) throw new Bug('the generated module of the encoder is not base64');
  return new WebAssembly.Module(bytes);
}

/** Each constant of the memory map is a global of the module: an object with a value. */
function readMap(exports: EncoderExports): Readonly<Record<string, number>> {
  const map: Record<string, number> = {};
  for (const [name, exported] of Object.entries(exports)) {
    const { value } = exported as { readonly value?: unknown };
    if (typeof value === 'number') map[name] = value;
  }
  return map;
}
