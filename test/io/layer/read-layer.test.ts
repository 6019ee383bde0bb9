import { createGzip, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../src/core/diagnostic/catalogue.ts';
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { defaultTarLimits } from '../../../src/core/tar/tar-limits.ts';
import { LayerError } from '../../../src/core/tar/layer-error.ts';
import { member, rawHeader, tar } from '../../core/tar/raw-tar.ts';
import { randomBytes } from '../../core/deflate/sample-inputs.ts';
import { block, frame, skippable } from '../../core/zstd/raw-zstd.ts';
import type { TarLimits } from '../../../src/core/tar/tar-entry.ts';
import { createZstdEncoder } from '../../../src/io/layer/zstd-encoder.ts';
import { allSteps, codeOf, digestOfBytes, inChunks, reading } from './pack-entries.ts';

const good = tar(
  member({ name: 'd/', type: '5' }),
  member({ name: 'd/f' }, 'hello'.repeat(1000)),
  member({ name: 'e' }),
);
const gzipped = gzipSync(good);
const encoder = await createZstdEncoder(3);
const zstd = encoder.encode(good);

describe('reading a layer', () => {
  it.each([
    ['plain, by its media type', good, mediaTypes.layer],
    ['gzip, by its media type', gzipped, mediaTypes.layerGzip],
    ['Docker gzip', gzipped, mediaTypes.dockerLayerGzip],
    ['a non-distributable layer', gzipped, 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip'],
    ['plain, by its bytes', good, undefined],
    ['gzip, by its bytes', gzipped, undefined],
    ['zstd, by its media type', zstd, mediaTypes.layerZstd],
    ['Docker zstd', zstd, mediaTypes.dockerLayerZstd],
    ['zstd, by its bytes', zstd, undefined],
    [
      'zstd behind a skippable frame, as pzstd writes it',
      Buffer.concat([skippable(Buffer.alloc(4)), zstd]),
      undefined,
    ],
  ])('%s gives its steps and its diffID', async (_how, bytes, mediaType) => {
    const layer = reading(bytes, { mediaType });
    const steps = await allSteps(layer);
    const content = steps.flatMap((step) => (step.type === 'content' ? [Buffer.from(step.bytes)] : []));
    expect(steps.flatMap((step) => (step.type === 'entry' ? [step.entry.path] : []))).toEqual([
      'd',
      'd/f',
      'e',
    ]);
    expect(Buffer.concat(content).toString()).toBe('hello'.repeat(1000));
    expect(layer.diffId()).toBe(digestOfBytes(good));
  });

  it('hashes NULs after the end of the tar too', async () => {
    const long = Buffer.concat([good, Buffer.alloc(20_000)]);
    const layer = reading(gzipSync(long));
    await allSteps(layer);
    expect(layer.diffId()).toBe(digestOfBytes(long));
  });

  it('reads an empty layer', async () => {
    const ofZstd = [encoder.encode(tar()), encoder.encode(Buffer.alloc(0))];
    for (const bytes of [tar(), gzipSync(tar()), Buffer.alloc(0), ...ofZstd])
      expect(await allSteps(reading(bytes))).toEqual([]);
  });

  it('has no diffID before its end', () => {
    expect(() => reading(good).diffId()).toThrow(/^Bug: /);
  });

  it('takes chunks of one byte', async () => {
    const layer = reading(gzipped, { chunks: inChunks(gzipped, 1) });
    expect((await allSteps(layer)).length).toBeGreaterThan(3);
    expect(layer.diffId()).toBe(digestOfBytes(good));
  });
});

describe('what is refused in a compressed layer', () => {
  const broken = Buffer.from(gzipped);
  broken.fill(0xff, 20, 30);
  const wrongCrc = Buffer.from(gzipped);
  wrongCrc.writeUInt32LE(1, wrongCrc.length - 8);
  const wrongLength = Buffer.from(gzipped);
  wrongLength.writeUInt32LE(1, wrongLength.length - 4);

  const cases: readonly (readonly [string, Uint8Array, string | undefined, DiagnosticCode, number])[] = [
    ['plain bytes said to be gzip', good, mediaTypes.layerGzip, 'layer/compression-mismatch', 3],
    ['gzip said to be plain', gzipped, mediaTypes.layer, 'layer/compression-mismatch', 3],
    ['zstd said to be gzip (H48)', zstd, mediaTypes.layerGzip, 'layer/compression-mismatch', 3],
    ['zstd said to be plain', zstd, mediaTypes.layer, 'layer/compression-mismatch', 3],
    ['gzip said to be zstd', gzipped, mediaTypes.layerZstd, 'layer/compression-mismatch', 3],
    ['nothing said to be gzip', Buffer.alloc(0), mediaTypes.layerGzip, 'layer/compression-mismatch', 3],
    ['a media type of no layer', gzipped, mediaTypes.config, 'layer/media-type-unknown', 3],
    ['an archive in xz, cut', Buffer.from('fd377a585a0000', 'hex'), undefined, 'layer/truncated', 4],
    ['an archive in bzip2, cut', Buffer.from('BZh91AY'), undefined, 'layer/truncated', 4],
    [
      'xz said to be gzip',
      Buffer.from('fd377a585a0000', 'hex'),
      mediaTypes.layerGzip,
      'layer/compression-mismatch',
      3,
    ],
    ['an archive that is no tar', Buffer.alloc(600, 'PK'), undefined, 'layer/bad-header', 3],
    ['gzip with broken blocks', broken, undefined, 'layer/bad-gzip', 3],
    ['gzip with a wrong checksum', wrongCrc, undefined, 'layer/gzip-checksum', 4],
    ['gzip with a wrong length', wrongLength, undefined, 'layer/gzip-checksum', 4],
    ['gzip of an unknown method', Buffer.from('1f8b0700000000000003', 'hex'), undefined, 'layer/bad-gzip', 3],
    ...[2, 9, 10, 40, gzipped.length - 9, gzipped.length - 1].map(
      (length) =>
        [
          `gzip cut after ${length} bytes`,
          gzipped.subarray(0, length),
          undefined,
          'layer/truncated',
          4,
        ] as const,
    ),
    ...[4, 7, 40, zstd.length - 1].map(
      (length) =>
        [
          `zstd cut after ${length} bytes`,
          zstd.subarray(0, length),
          mediaTypes.layerZstd,
          'layer/truncated',
          4,
        ] as const,
    ),
    [
      'garbage after zstd (H42)',
      Buffer.concat([zstd, Buffer.from('garbage')]),
      undefined,
      'layer/trailing-data',
      3,
    ],
    ['a second tar in a second frame', Buffer.concat([zstd, zstd]), undefined, 'layer/trailing-data', 3],
    [
      'zstd in zstd (H42)',
      encoder.encode(encoder.encode(randomBytes(2000))),
      undefined,
      'layer/bad-header',
      3,
    ],
    ['zstd with a window of 2 GiB (H43)', frame({ window: 21 << 3 }), undefined, 'layer/window-too-large', 3],
    [
      'zstd that needs a dictionary',
      frame({ window: 0, dictionary: Uint8Array.of(1) }),
      undefined,
      'layer/zstd-dictionary',
      3,
    ],
    [
      'zstd with a wrong checksum',
      frame({ window: 0, checksum: 1 }, block(good.subarray(0, 512))),
      undefined,
      'layer/zstd-checksum',
      4,
    ],
    ['a cut tar in whole zstd', encoder.encode(good.slice(0, 700)), undefined, 'layer/truncated', 4],
    ['a cut tar in whole gzip', gzipSync(good.slice(0, 700)), undefined, 'layer/truncated', 4],
    [
      'garbage after gzip (H42)',
      Buffer.concat([gzipped, Buffer.from('garbage')]),
      undefined,
      'layer/bad-gzip',
      3,
    ],
    ['a NUL after gzip', Buffer.concat([gzipped, Buffer.alloc(1)]), undefined, 'layer/trailing-data', 3],
    [
      'NULs and garbage after gzip',
      Buffer.concat([gzipped, Buffer.alloc(5000), gzipped]),
      undefined,
      'layer/trailing-data',
      3,
    ],
    [
      'a cut member after gzip',
      Buffer.concat([gzipped, gzipped.subarray(0, 30)]),
      undefined,
      'layer/truncated',
      4,
    ],
    ['gzip in gzip (H42)', gzipSync(gzipSync(good, { level: 0 })), undefined, 'layer/bad-header', 3],
    [
      'a second tar in a second member',
      Buffer.concat([gzipped, gzipped]),
      undefined,
      'layer/trailing-data',
      3,
    ],
  ];

  it.each(cases)('%s', async (...[, bytes, mediaType, code, exit]) => {
    for (const size of [1, 37, 4096, bytes.length + 1]) {
      const read = allSteps(reading(bytes, { mediaType, chunks: inChunks(bytes, size) }));
      await expect(read).rejects.toThrow(LayerError);
      expect(await codeOf(allSteps(reading(bytes, { mediaType, chunks: inChunks(bytes, size) })))).toBe(code);
    }
    expect(exitCodeOf(code)).toBe(exit);
  });

  it('is not a stream of several members, as pigz and eStargz write them', async () => {
    const cuts = [0, 1, 512, 700, 1500, good.length];
    const members = cuts.slice(1).map((end, at) => gzipSync(good.slice(cuts[at], end)));
    for (const size of [1, 13, 100_000]) {
      const layer = reading(Buffer.alloc(0), { chunks: inChunks(Buffer.concat(members), size) });
      await allSteps(layer);
      expect(layer.diffId()).toBe(digestOfBytes(good));
    }
  });
});

describe('a zstd bomb (H43)', () => {
  const mebibyte = 1024 * 1024;
  const start = rawHeader({
    name: 'zeros',
    size: Buffer.concat([Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 2]), Buffer.alloc(4)]),
  });

  /** 10 GB of zeros: blocks of four bytes, each a byte that is repeated, in a window of 128 MiB. */
  async function* bomb(): AsyncGenerator<Uint8Array> {
    const zeros = block(Uint8Array.of(0), { type: 'repeated', size: 128 * 1024, last: false });
    yield frame({ window: 17 << 3 }, block(start, { last: false }));
    const many = Buffer.concat(Array<Buffer>(1000).fill(zeros));
    for (let made = 0; made < 80; made += 1) yield many;
  }

  /** The most memory that reading took, and how it ended. */
  async function read(limits: Partial<TarLimits>): Promise<{ code: string; most: number }> {
    const before = process.memoryUsage().rss;
    let most = 0;
    const layer = reading(Buffer.alloc(0), { chunks: bomb(), limits: { ...defaultTarLimits, ...limits } });
    const steps = async (): Promise<void> => {
      let count = 0;
      for await (const batch of layer.steps)
        for (const _step of batch)
          if ((count += 1) % 100 === 0) most = Math.max(most, process.memoryUsage().rss);
    };
    return { code: await codeOf(steps()), most: most - before };
  }

  it('is stopped by its ratio, in bounded memory', async () => {
    const { code, most } = await read({});
    expect(code).toBe('layer/too-compressed');
    expect(most).toBeLessThan(180 * mebibyte);
  });

  it('is stopped by its size, in bounded memory', async () => {
    const { code, most } = await read({ maxRatio: 1e9, maxTotalBytes: 1000 * mebibyte });
    expect(code).toBe('layer/too-large');
    expect(most).toBeLessThan(180 * mebibyte);
  });
});

describe('a bomb of 10 GB of zeros (H41)', () => {
  /** gzip of a file of zeros without end, made while it is read. */
  async function* bomb(): AsyncGenerator<Uint8Array> {
    const gzip = createGzip();
    gzip.write(
      rawHeader({
        name: 'zeros',
        size: Buffer.concat([Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 2]), Buffer.alloc(4)]),
      }),
    );
    const zeros = Buffer.alloc(1024 * 1024);
    let left = 10_240;
    const more = (): void => {
      while (left > 0 && gzip.write(zeros)) left -= 1;
      if (left === 0) gzip.end();
    };
    gzip.on('drain', more);
    more();
    yield* gzip as AsyncIterable<Uint8Array>;
  }

  it.each([
    ['its ratio', {}, 'layer/too-compressed'],
    ['its size', { maxRatio: 1e9, maxTotalBytes: 300_000_000 }, 'layer/too-large'],
  ])('is stopped by %s, in bounded memory', async (_by, limits, code) => {
    const before = process.memoryUsage().rss;
    let most = 0;
    const layer = reading(Buffer.alloc(0), { chunks: bomb(), limits: { ...defaultTarLimits, ...limits } });
    const read = async (): Promise<void> => {
      let steps = 0;
      for await (const batch of layer.steps)
        for (const _step of batch)
          if ((steps += 1) % 100 === 0) most = Math.max(most, process.memoryUsage().rss);
    };
    expect(await codeOf(read())).toBe(code);
    expect(most - before).toBeLessThan(150 * 1024 * 1024);
  });
});

describe('the source of a layer', () => {
  const large = gzipSync(
    tar(member({ name: 'f' }, Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7919) % 251)))),
    { level: 0 },
  );

  it.each([
    ['plain', tar(member({ name: 'f' }, Buffer.alloc(3_000_000)))],
    ['gzip', large],
    ['zstd', encoder.encode(tar(member({ name: 'f' }, randomBytes(3_000_000))))],
  ])(
    'of %s bytes is read no further than the consumer goes, and is closed when it stops',
    async (_how, bytes) => {
      let pulled = 0;
      let closed = false;
      async function* source(): AsyncGenerator<Uint8Array> {
        try {
          for await (const chunk of inChunks(bytes)) {
            pulled += chunk.length;
            yield chunk;
          }
        } finally {
          closed = true;
        }
      }
      let steps = 0;
      for await (const batch of reading(bytes, { chunks: source() }).steps) {
        steps += [...batch].length;
        if (steps >= 4) break;
      }
      expect(pulled).toBeLessThan(600_000);
      expect(closed).toBe(true);
    },
  );

  it('fails as it is, not as a failure of the layer', async () => {
    const failure = new Error('the disk is gone');
    async function* source(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      yield bytes;
      throw failure;
    }
    for (const bytes of [
      good.slice(0, 1000),
      gzipped.subarray(0, 50),
      zstd.subarray(0, 50),
      Buffer.from([1]),
    ]) {
      await expect(allSteps(reading(bytes, { chunks: source(bytes) }))).rejects.toBe(failure);
    }
  });
});
