/**
 * Round trips of the encoder by the thousand, and one of 5 GiB: fast-check inputs with a history at each level through
 * node:zlib, then a stream past the 4 GiB that gzip can count through node:zlib and GNU gzip at once, from memory to
 * memory.
 *
 *     node scripts/deflate-campaign.mjs [INPUTS [GIBIBYTES]]      10000 at each level, and 5, unless they are named
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { finished } from 'node:stream/promises';
import { createGunzip, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { importSource } from './import-source.mjs';

const inputs = Number(process.argv[2] ?? 10_000);
const gibibytes = Number(process.argv[3] ?? 5);
const mebibyte = 1024 * 1024;

const { createDeflateEncoder, createPacker, openStream, storedBytes, historyBytes, anyBytes, encoderInputs } =
  await importSource(`
    export { createDeflateEncoder } from './src/core/deflate/deflate-encoder.ts';
    export { createPacker } from './src/io/layer/packer.ts';
    export { openStream } from './test/io/layer/through-stream.ts';
    export { historyBytes, storedBytes } from './src/core/deflate/block-encoder.ts';
    export { anyBytes } from './test/core/deflate/any-bytes.ts';
    export { encoderInputs } from './test/golden/encoder-inputs.ts';
  `);

for (const level of [1, 2, 3, 4, 5, 6, 7, 8, 9]) randomInputs(level);
await longStream(6);

/** @param {number} level */
function randomInputs(level) {
  const encoder = createDeflateEncoder(level);
  let bytesIn = 0;
  let bytesOut = 0;
  fc.assert(
    fc.property(anyBytes, anyBytes, (/** @type {Uint8Array} */ before, /** @type {Uint8Array} */ any) => {
      const block = any.length === 0 ? Uint8Array.of(level) : any;
      const history = before.subarray(-historyBytes);
      const encoded = /** @type {Uint8Array} */ (encoder.encode(block, history));
      const whole = Buffer.concat([encoded, Buffer.of(0x03, 0x00)]);
      const back = inflateRawSync(whole, history.length > 0 ? { dictionary: history } : {});
      if (Buffer.compare(back, block) !== 0) throw new Error('it comes back otherwise');
      if (encoded.length > storedBytes(block.length)) throw new Error('it is more than stored blocks');
      bytesIn += block.length;
      bytesOut += encoded.length;
    }),
    { numRuns: inputs },
  );
  process.stdout.write(`level ${level}: ${inputs} inputs came back, ${bytesIn} bytes as ${bytesOut}\n`);
}

/** @param {number} level */
async function longStream(level) {
  const ends = [gunzip(), gnuGzip()];
  const hash = createHash('sha256');
  /** @type {Uint8Array[]} */
  let waiting = [];
  const packer = createPacker({ threads: availableParallelism() });
  const stream = await openStream({
    compression: { type: 'gzip', level },
    packer,
    encode: 'on threads',
    // The stream's own buffers are used again at once.
    onBytes: (/** @type {Uint8Array} */ bytes) => waiting.push(Buffer.from(bytes)),
  });
  let size = 0;
  const sendWaiting = async () => {
    const bytes = waiting;
    waiting = [];
    size += await send(bytes, ends);
  };
  for (const piece of pieces()) {
    hash.update(piece);
    await stream.write(piece);
    await sendWaiting();
  }
  await stream.end();
  await stream.close();
  await packer.close();
  await sendWaiting();
  const digest = hash.digest('hex');
  for (const { name, end } of ends) {
    const back = await end();
    if (back !== digest)
      throw new Error(`${gibibytes} GiB came back through ${name} as ${back}, not ${digest}`);
    process.stdout.write(`level ${level}: ${gibibytes} GiB came back through ${name}: sha256:${back}\n`);
  }
  process.stdout.write(`level ${level}: they were ${size} bytes\n`);
}

/** A MiB at a time, no two of them equal. */
function* pieces() {
  const source = Buffer.concat(Object.values(encoderInputs));
  for (let number = 0; number < gibibytes * 1024; number++) {
    const start = (number * 104_729) % (source.length - mebibyte);
    const piece = Buffer.from(source.subarray(start, start + mebibyte));
    for (let at = 0; at < mebibyte; at += 4096) piece.writeUInt32LE(number, at);
    yield piece;
  }
}

/**
 * @typedef {object} End
 * @property {string} name
 * @property {import('node:stream').Writable} input
 * @property {() => Promise<string>} end the digest of what came out
 */

/** @returns {End} */
function gunzip() {
  const stream = createGunzip();
  return { name: 'node:zlib', input: stream, end: hashed(stream, stream) };
}

/** @returns {End} */
function gnuGzip() {
  const child = spawn('gzip', ['-dc'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = hashed(child.stdin, child.stdout);
  const exit = once(child, 'exit');
  const end = async () => {
    const digest = await ended();
    const [status] = await exit;
    if (status !== 0) throw new Error(`gzip ended with ${status}`);
    return digest;
  };
  return { name: 'GNU gzip', input: child.stdin, end };
}

/**
 * @param {import('node:stream').Writable} input
 * @param {import('node:stream').Readable} output
 */
function hashed(input, output) {
  const hash = createHash('sha256');
  output.on('data', (/** @type {Uint8Array} */ bytes) => hash.update(bytes));
  const done = finished(output);
  return async () => {
    input.end();
    await done;
    return hash.digest('hex');
  };
}

/**
 * Gives how many bytes were sent, once each end can take more.
 * @param {readonly Uint8Array[]} parts
 * @param {readonly End[]} ends
 */
async function send(parts, ends) {
  let size = 0;
  for (const part of parts) {
    size += part.length;
    for (const { input } of ends) if (!input.write(part)) await once(input, 'drain');
  }
  return size;
}
