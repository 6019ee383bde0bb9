import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LayerError } from '../../../src/core/tar/layer-error.ts';
import { defaultTarLimits } from '../../../src/core/tar/tar-limits.ts';
import { createTarReader } from '../../../src/core/tar/tar-reader.ts';
import { exitCodeOf } from '../../../src/core/diagnostic/catalogue.ts';
import { hostileTars } from './hostile-tars.ts';
import { mendChecksums, soundTar } from './mutated-tars.ts';
import { extended, gnuMagic, member, padded, pax, rawHeader, readAll, tar, verdict } from './raw-tar.ts';

describe('a strict tar reader on hostile tars', () => {
  it('has at least 200 of them', () => {
    expect(hostileTars.length).toBeGreaterThanOrEqual(200);
    expect(new Set(hostileTars.map(({ name }) => name)).size).toBe(hostileTars.length);
  });

  it.each(hostileTars)('$name: $verdict', ({ bytes, verdict: expected }) => {
    const started = performance.now();
    const wanted = expected === 'read' ? 'read' : `layer/${expected}`;
    expect(verdict(() => readAll(bytes))).toBe(wanted);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(verdict(() => readAll(bytes, 509))).toBe(wanted);
    if (bytes.length < 10_000) expect(verdict(() => readAll(bytes, 1))).toBe(wanted);
  });

  it('ends the command with 3 for what is refused and 4 for what is cut off', () => {
    for (const { verdict: code } of hostileTars) {
      if (code === 'read') continue;
      expect(exitCodeOf(`layer/${code}` as 'layer/truncated')).toBe(code === 'truncated' ? 4 : 3);
    }
  });
});

describe('what a strict tar reader reads', () => {
  it('gives names, targets, owners, modes and times', () => {
    const read = readAll(
      tar(
        member({ name: '/a/', type: '5', mode: 0o40755, uid: 1, gid: 2, mtime: 3 }),
        member({ name: './a/f', mode: 0o4755 }, 'hello'),
        member({ name: 'a/l', type: '2', link: '/etc/../x', mode: 0o777 }),
        member({ name: 'a/h', type: '1', link: '/a/f' }),
        member({ name: 'dev', type: '4', major: 8, minor: 1 }),
        member({ name: 'null', type: '3', major: 1, minor: 3 }),
        member({ name: 'p', type: '6' }),
      ),
    );
    const plain = { mode: 0o644, uid: 0, gid: 0, mtime: { seconds: 0 } };
    expect(read.map(({ entry }) => entry)).toEqual([
      { type: 'directory', path: 'a', mode: 0o755, uid: 1, gid: 2, mtime: { seconds: 3 } },
      { type: 'file', path: 'a/f', ...plain, mode: 0o4755, size: 5 },
      { type: 'symlink', path: 'a/l', ...plain, mode: 0o777, target: '/etc/../x' },
      { type: 'hardlink', path: 'a/h', ...plain, target: 'a/f' },
      { type: 'block-device', path: 'dev', ...plain, major: 8, minor: 1 },
      { type: 'character-device', path: 'null', ...plain, major: 1, minor: 3 },
      { type: 'fifo', path: 'p', ...plain },
    ]);
    expect(read[1]).toMatchObject({ offset: 1024, content: 'hello' });
  });

  it('gives the root as the empty path', () => {
    expect(readAll(tar(member({ name: './', type: '5' })))[0]?.entry.path).toBe('');
  });

  it('joins the ustar prefix, and ignores that field in other formats', () => {
    expect(readAll(tar(member({ name: 'c', prefix: 'a/b' })))[0]?.entry.path).toBe('a/b/c');
    expect(readAll(tar(member({ name: 'c', magic: '', prefix: 'a/b' })))[0]?.entry.path).toBe('c');
  });

  it('keeps names of 0xFF and 0xFE apart', () => {
    const names = [0xff, 0xfe].map((byte) => member({ name: Buffer.from([byte]) }));
    expect(readAll(tar(...names)).map(({ entry }) => entry.path)).toEqual(['\udcff', '\udcfe']);
  });

  it('lets PAX records count before fields (H31, H34)', () => {
    const records = pax(
      ['path', '12345'],
      ['size', '3'],
      ['uid', '4294967295'],
      ['gid', '70000'],
      ['mtime', '-1.25'],
    );
    const [read] = readAll(tar(records, rawHeader({ size: 0, uid: 1, mtime: 7 }), padded('abc')));
    expect(read).toMatchObject({ content: 'abc', offset: 1536 });
    expect(read?.entry).toEqual({
      type: 'file',
      path: '12345',
      mode: 0o644,
      uid: 4294967295,
      gid: 70000,
      size: 3,
      mtime: { seconds: -2, nanoseconds: 750_000_000 },
    });
  });

  it('applies a PAX header to one entry only', () => {
    const read = readAll(tar(pax(['path', 'p']), member({ name: 'a' }), member({ name: 'b' })));
    expect(read.map(({ entry }) => entry.path)).toEqual(['p', 'b']);
  });

  it('keeps extended attributes byte for byte, whatever their names', () => {
    const value = Buffer.from([0, 1, 10, 61, 255]);
    const records = pax(
      ['SCHILY.xattr.user.z', ''],
      ['SCHILY.xattr.security.capability', value],
      ['SCHILY.xattr.__proto__', 'p'],
    );
    const { xattrs } = readAll(tar(records, member({})))[0]!.entry;
    expect(Object.entries(xattrs ?? {})).toEqual([
      ['__proto__', 'cA=='],
      ['security.capability', value.toString('base64')],
      ['user.z', ''],
    ]);
  });

  it('reads GNU long names and links', () => {
    const long = 'd/'.repeat(100) + 'name';
    const read = readAll(
      tar(extended('K', `${long}x\0`), extended('L', `${long}\0`), member({ type: '2', magic: gnuMagic })),
    );
    expect(read[0]?.entry).toMatchObject({ path: long, target: `${long}x` });
  });

  it('reads a negative time and ids of 32 bits in base 256', () => {
    const mtime = Buffer.alloc(12, 0xff).fill(0xfb, 11);
    const uid = Buffer.from([0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    expect(readAll(tar(member({ mtime, uid })))[0]?.entry).toMatchObject({
      uid: 4294967295,
      mtime: { seconds: -5 },
    });
  });

  it('gives the same steps whatever the size of the chunks', () => {
    const bytes = tar(
      member({ name: 'a' }, 'x'.repeat(1500)),
      pax(['path', 'q'.repeat(300)]),
      member({}, 'y'.repeat(512)),
      member({ name: 'e' }),
    );
    const whole = readAll(bytes);
    for (const size of [1, 2, 3, 511, 512, 513, 1000]) expect(readAll(bytes, size)).toEqual(whole);
  });
});

describe('limits of a tar reader', () => {
  const many = tar(...Array.from({ length: 11 }, (_, at) => member({ name: `f${at}` }, 'x')));

  it.each([
    ['maxEntries', 'too-many-entries', many, 10],
    ['maxTotalBytes', 'too-large', many, 4096],
    ['maxTotalBytes', 'too-large', tar(member({}, 'x'.repeat(2000))), 1999],
    ['maxHeaderBytes', 'header-too-large', tar(pax(['comment', 'x'.repeat(100)]), member({})), 99],
    ['maxPathBytes', 'path-too-long', tar(member({ name: 'a'.repeat(11) })), 10],
    ['maxDepth', 'too-deep', tar(member({ name: 'a/b/c' })), 2],
  ] as const)('%s refuses with %s and names itself and its value', (...[setting, code, bytes, value]) => {
    try {
      readAll(bytes, 700, { ...defaultTarLimits, [setting]: value });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(LayerError);
      expect(error).toMatchObject({
        code: `layer/${code}`,
        help: expect.stringContaining(`\`${setting}\` is ${value}`),
      });
    }
  });

  it('counts NULs after the end too', () => {
    const bytes = Buffer.concat([tar(), Buffer.alloc(100_000)]);
    expect(verdict(() => readAll(bytes, 1000, { ...defaultTarLimits, maxTotalBytes: 50_000 }))).toBe(
      'layer/too-large',
    );
  });

  it('refuses 1,000,001 empty entries by default (H44)', () => {
    const reader = createTarReader(defaultTarLimits);
    const chunk = Buffer.concat(Array.from({ length: 1000 }, () => member({ name: 'f' })));
    let entries = 0;
    const readOn = (): void => {
      for (let at = 0; at <= 1000; at += 1)
        for (const step of reader.push(chunk)) if (step.type === 'entry') entries += 1;
    };
    expect(verdict(readOn)).toBe('layer/too-many-entries');
    expect(entries).toBe(1_000_000);
  });
});

describe('messages of a tar reader', () => {
  it('name the entry, escaped, and where it stands', () => {
    expect(() => readAll(tar(member({ name: 'a' }), member({ name: '../\x1b[31m\u202e' })))).toThrow(
      'the tar entry `../\\x1b[31m\\u202e` at byte 512 has a name with a `..` component, which could leave the image',
    );
  });

  it('shorten names', () => {
    expect(() => readAll(tar(pax(['path', `../${'x'.repeat(4000)}`]), member({})))).toThrow(/^.{0,300}$/);
  });
});

describe('a tar reader under any bytes', () => {
  function onlyLayerErrors(bytes: Uint8Array, chunk: number): void {
    const started = performance.now();
    verdict(() => readAll(bytes, chunk));
    expect(performance.now() - started).toBeLessThan(1000);
  }

  it('throws nothing but LayerError for random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), fc.integer({ min: 1, max: 5000 }), (bytes, chunk) => {
        onlyLayerErrors(bytes, chunk);
        onlyLayerErrors(mendChecksums(bytes), chunk);
      }),
      { numRuns: 500 },
    );
  });

  it('throws nothing but LayerError for a mutated tar', () => {
    const mutation = fc.tuple(
      fc.nat(soundTar.length - 1),
      fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 0x2f, 0x2e, 0x80, 0xff, 0x78)),
    );
    fc.assert(
      fc.property(
        fc.array(mutation, { minLength: 1, maxLength: 8 }),
        fc.nat(soundTar.length),
        (mutations, cut) => {
          const bytes = Buffer.from(soundTar);
          for (const [at, byte] of mutations) bytes[at] = byte;
          const mended = mendChecksums(bytes);
          onlyLayerErrors(mended, 512);
          onlyLayerErrors(mended.subarray(0, cut), 511);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
