import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createZstdEncoder } from '../../../src/io/layer/zstd-encoder.ts';
import { hasProgram } from '../../rigs/runtimes.ts';
import { randomBytes, sampleInputs, textBytes } from '../deflate/sample-inputs.ts';
import { decoded, refusalOf } from './decoded.ts';
import { block, frame, skippable } from './raw-zstd.ts';

const hello = Buffer.from('hello');
const helloFrame = frame({ contentSize: { bytes: 1, value: 5 } }, block(hello));
/** A window of 8 KiB (3.1.1.1.2). */
const window = 3 << 3;

const encoders = await Promise.all([1, 3, 9, 19].map((level) => createZstdEncoder(level)));

describe('frames', () => {
  it.each([
    ['with a single segment', helloFrame],
    ['with a window', frame({ window }, block(hello))],
    ['with a window and a size', frame({ window, contentSize: { bytes: 4, value: 5 } }, block(hello))],
    ['with a size of eight bytes', frame({ contentSize: { bytes: 8, value: 5 } }, block(hello))],
    ['with the dictionary 0, which is none', frame({ window, dictionary: new Uint8Array(4) }, block(hello))],
    [
      'in two blocks',
      frame({ window }, block(Buffer.from('hel'), { last: false }), block(Buffer.from('lo'))),
    ],
    ['with an empty block', frame({ window }, block(hello, { last: false }), block(new Uint8Array(0)))],
    ['with a checksum', frame({ window, checksum: 0x889f6da3 }, block(hello))],
  ])('%s are read, whatever the chunks', (_, bytes) => {
    for (const chunk of [1, 2, 3, 5, 1000]) expect(decoded(bytes, { chunk }).toString()).toBe('hello');
  });

  it('of two bytes of size begin to count at 256', () => {
    const bytes = Buffer.alloc(300, 'ab');
    expect(decoded(frame({ contentSize: { bytes: 2, value: 44 } }, block(bytes)))).toEqual(bytes);
  });

  it('repeat a byte', () => {
    const repeated = block(Buffer.from('z'), { type: 'repeated', size: 8000 });
    expect(decoded(frame({ window }, repeated)).toString()).toBe('z'.repeat(8000));
  });

  it('may be empty, and none at all is nothing', () => {
    expect(decoded(frame({ contentSize: { bytes: 1, value: 0 } }, block(new Uint8Array(0))))).toHaveLength(0);
    expect(decoded(new Uint8Array(0))).toHaveLength(0);
  });

  it('one after another are one stream, and skippable ones are passed over (3.1.2)', () => {
    const parts = [
      skippable(randomBytes(70)),
      helloFrame,
      skippable(new Uint8Array(0), 15),
      helloFrame,
      skippable(hello, 7),
    ];
    for (const chunk of [1, 7, 1000])
      expect(decoded(Buffer.concat(parts), { chunk }).toString()).toBe('hellohello');
  });
});

describe('what is refused', () => {
  const large = Buffer.alloc(9000);
  const inWindow = (...blocks: readonly Buffer[]) => frame({ window }, ...blocks);

  it.each([
    ['a dictionary', frame({ window, dictionary: Uint8Array.of(1) }, block(hello)), 'layer/zstd-dictionary'],
    [
      'a long dictionary id',
      frame({ window, dictionary: Uint8Array.of(0, 0, 0, 9) }),
      'layer/zstd-dictionary',
    ],
    ['a reserved bit', frame({ window, reserved: true }, block(hello)), 'layer/bad-zstd'],
    ['a reserved type of block', inWindow(block(hello, { type: 'reserved' })), 'layer/bad-zstd'],
    ['a block larger than the window', inWindow(block(large)), 'layer/bad-zstd'],
    [
      'a repeated byte beyond the window',
      inWindow(block(hello.subarray(0, 1), { type: 'repeated', size: 9000 })),
      'layer/bad-zstd',
    ],
    [
      'more than the size',
      frame(
        { contentSize: { bytes: 1, value: 4 } },
        block(hello.subarray(0, 4), { last: false }),
        block(hello.subarray(4)),
      ),
      'layer/bad-zstd',
    ],
    ['less than the size', frame({ contentSize: { bytes: 1, value: 6 } }, block(hello)), 'layer/bad-zstd'],
    [
      'a compressed block of nothing',
      inWindow(block(new Uint8Array(0), { type: 'compressed' })),
      'layer/bad-zstd',
    ],
    ['a wrong checksum', frame({ window, checksum: 1 }, block(hello)), 'layer/zstd-checksum'],
    ['a window of 2 GiB (H43)', frame({ window: 21 << 3 }), 'layer/window-too-large'],
    ['the largest window of all', frame({ window: 0xff }), 'layer/window-too-large'],
    [
      'a single segment of 2 GiB',
      frame({ contentSize: { bytes: 4, value: 2 ** 31 } }),
      'layer/window-too-large',
    ],
    [
      'a single segment of 2^60 bytes',
      frame({ contentSize: { bytes: 8, value: 2 ** 60 } }),
      'layer/window-too-large',
    ],
    ['a NUL behind a frame', Buffer.concat([helloFrame, Buffer.alloc(1)]), 'layer/trailing-data'],
    ['garbage behind a frame', Buffer.concat([helloFrame, Buffer.from('garbage')]), 'layer/trailing-data'],
    [
      'gzip behind a frame',
      Buffer.concat([helloFrame, Buffer.from('1f8b080000000000', 'hex')]),
      'layer/trailing-data',
    ],
    ['half a magic number', Buffer.concat([helloFrame, helloFrame.subarray(0, 2)]), 'layer/truncated'],
    ['a cut skippable frame', skippable(hello).subarray(0, 12), 'layer/truncated'],
  ])('%s', (_, bytes, code) => {
    for (const chunk of [1, 3, 100_000]) expect(refusalOf(bytes, { chunk })).toBe(code);
  });

  it('a window beyond the limit, which the one that just fits is not', () => {
    const bytes = frame({ window: 1 << 3 }, block(hello));
    expect([refusalOf(bytes, { limit: 2047 }), refusalOf(bytes, { limit: 2048 })]).toEqual([
      'layer/window-too-large',
      'read',
    ]);
  });

  it('a stream that ends anywhere but at its end', () => {
    const bytes = Buffer.from(encoders[1]!.encode(textBytes(3000)));
    for (let length = 1; length < bytes.length; length += 1)
      expect(refusalOf(bytes.subarray(0, length))).toBe('layer/truncated');
  });
});

describe('what libzstd compressed', () => {
  it.each(Object.entries(sampleInputs))('%s comes back', (_, input) => {
    const parts = encoders.slice(0, 3).map((encoder) => encoder.encode(input.subarray(0, 4 * 1024 * 1024)));
    for (const part of parts) {
      expect(Buffer.compare(decoded(part), input.subarray(0, 4 * 1024 * 1024))).toBe(0);
    }
  });

  it('comes back, whatever it is and however it is cut', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 3000 }),
        fc.nat(3),
        fc.integer({ min: 1, max: 500 }),
        (bytes, level, chunk) => {
          const alike = Buffer.concat([bytes, bytes.map((byte) => byte & 3), bytes]);
          expect(decoded(encoders[level]!.encode(alike), { chunk })).toEqual(alike);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('and was damaged is refused or, rarely, another text; never an exception that is not ours', () => {
    const text = textBytes(20_000);
    const frames = encoders.map((encoder) => encoder.encode(text));
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(fc.nat(3), fc.nat(), fc.integer({ min: 1, max: 255 }), (level, place, flip) => {
        const bytes = Uint8Array.from(frames[level]!);
        const at = place % bytes.length;
        bytes[at] = bytes[at]! ^ flip;
        const outcome = refusalOf(bytes);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }),
      { numRuns: 600 },
    );
    expect([...outcomes.keys()].filter((outcome) => !/^(read|layer\/[a-z-]+)$/.test(outcome))).toEqual([]);
    expect(outcomes.get('layer/bad-zstd')).toBeGreaterThan(30);
  });
});

describe.skipIf(!hasProgram('zstd'))('what the command compressed (needs zstd)', () => {
  const input = Buffer.concat([
    ...Array.from({ length: 2 }, (_, at) => textBytes(700_000 + at)),
    randomBytes(300_000),
    textBytes(1_500_000),
  ]);

  it.each([
    '--fast=7',
    '-1',
    '-5 --no-check',
    '-12',
    '-19 --long=27',
    '--ultra -22',
    '-3 --no-content-size',
    '-6 -B524288 -T2',
    '-5 --zstd=wlog=10',
    '-9 --zstd=wlog=17',
  ])('zstd %s comes back', (options) => {
    const bytes = execFileSync('zstd', ['-c', ...options.split(' ')], { input, maxBuffer: 2 ** 28 });
    expect(Buffer.compare(decoded(bytes), input)).toBe(0);
  });

  it('in a window beyond ours is refused', () => {
    const bytes = execFileSync('zstd', ['-c', '-1', '--long=28', '--no-content-size'], {
      input,
      maxBuffer: 2 ** 28,
    });
    expect(refusalOf(bytes)).toBe('layer/window-too-large');
  });
});
