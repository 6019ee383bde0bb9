/** Tars with malformed header blocks, and tars that end wrongly. */
import { base256, file, type HostileTar, negative } from './hostile-tar.ts';
import { endBlocks, gnuMagic, member, oldMagic, tar } from './raw-tar.ts';

export const hostileHeaders: readonly HostileTar[] = [
  ...numbers(),
  ...unknownTypes(),
  ...checksumsAndMagic(),
  ...endings(),
];

function numbers(): HostileTar[] {
  const fieldsOf = (
    key: 'size' | 'uid' | 'gid' | 'mtime' | 'mode' | 'major' | 'minor',
    length: number,
  ): HostileTar[] =>
    ['1e3', '0x10', '-5', '+5', '9', '12 34', '1\x002', ' \t1', '１'].map((text) => ({
      name: `H36 ${key} ${JSON.stringify(text)}`,
      bytes: tar(member({ name: 'f', [key]: Buffer.alloc(length).fill(text, 0, Buffer.byteLength(text)) })),
      verdict: 'bad-header',
    }));
  const all = [
    ...fieldsOf('size', 12),
    ...fieldsOf('uid', 8),
    ...fieldsOf('gid', 8),
    ...fieldsOf('mtime', 12),
    ...fieldsOf('mode', 8),
    ...fieldsOf('major', 8),
    ...fieldsOf('minor', 8),
  ];
  return [
    ...all,
    { name: 'H36 negative size', bytes: tar(member({ size: negative(12, 0xfb) })), verdict: 'bad-header' },
    {
      name: 'H36 size 2^62',
      bytes: tar(member({ size: base256(12, 0x40, 0, 0, 0, 0, 0, 0, 0) })),
      verdict: 'bad-header',
    },
    { name: 'H36 size 2^95', bytes: tar(member({ size: Buffer.alloc(12, 0xbf) })), verdict: 'bad-header' },
    {
      name: 'H36 size of 1 TB',
      bytes: tar(member({ size: base256(12, 0, 0xe8, 0xd4, 0xa5, 0x10, 0) })),
      verdict: 'too-large',
    },
    { name: 'H19 negative uid', bytes: tar(member({ uid: negative(8, 0xff) })), verdict: 'bad-header' },
    { name: 'H19 negative gid', bytes: tar(member({ gid: negative(8, 0xfe) })), verdict: 'bad-header' },
    { name: 'H19 uid 2^32', bytes: tar(member({ uid: base256(8, 1, 0, 0, 0, 0) })), verdict: 'bad-header' },
    {
      name: 'H19 uid 2^32 - 1',
      bytes: tar(member({ uid: base256(8, 0xff, 0xff, 0xff, 0xff) })),
      verdict: 'read',
    },
    { name: 'H19 mtime -5', bytes: tar(member({ mtime: negative(12, 0xfb) })), verdict: 'read' },
    {
      name: 'H19 mtime 2^62',
      bytes: tar(member({ mtime: base256(12, 0x40, 0, 0, 0, 0, 0, 0, 0) })),
      verdict: 'bad-header',
    },
    { name: 'negative mode', bytes: tar(member({ mode: negative(8, 0xff) })), verdict: 'bad-header' },
    { name: 'mode with the type of the file', bytes: tar(member({ mode: 0o100755 })), verdict: 'read' },
    {
      name: 'major number of 13 bits',
      bytes: tar(member({ type: '3', major: 4096 })),
      verdict: 'bad-header',
    },
    {
      name: 'minor number of 21 bits',
      bytes: tar(member({ type: '4', minor: 1048576 })),
      verdict: 'bad-header',
    },
    {
      name: 'blank numbers',
      bytes: tar(member({ uid: ' '.repeat(8), gid: Buffer.alloc(8) })),
      verdict: 'read',
    },
  ];
}

function unknownTypes(): HostileTar[] {
  const known = new Set(['\0', '0', '1', '2', '3', '4', '5', '6', 'x', 'g', 'L', 'K', 'S']);
  return [...Array(128).keys()]
    .map((code) => String.fromCharCode(code))
    .filter((type) => !known.has(type))
    .map((type) => ({
      name: `H25 type ${JSON.stringify(type)}`,
      bytes: tar(file({ type })),
      verdict: 'unknown-type',
    }));
}

function checksumsAndMagic(): HostileTar[] {
  return [
    { name: 'H37 wrong checksum', bytes: tar(file({ checksum: '000000\0 ' })), verdict: 'bad-header' },
    { name: 'H37 blank checksum', bytes: tar(file({ checksum: ' '.repeat(8) })), verdict: 'bad-header' },
    {
      name: 'H37 checksum that is no number',
      bytes: tar(file({ checksum: 'abcdefgh' })),
      verdict: 'bad-header',
    },
    {
      name: 'H37 wrong checksum of the second header',
      bytes: tar(file(), file({ checksum: '000001\0 ' })),
      verdict: 'bad-header',
    },
    { name: 'no tar at all', bytes: Buffer.alloc(2048, 'this is no tar '), verdict: 'bad-header' },
    { name: 'unknown magic', bytes: tar(file({ magic: 'USTAR\x0000' })), verdict: 'bad-header' },
    { name: 'the old format', bytes: tar(file({ magic: oldMagic })), verdict: 'read' },
    {
      name: 'star with its times in the prefix',
      bytes: tar(file({ tail: '\0\0\0\0\0\0\0\0tar\0' })),
      verdict: 'bad-header',
    },
    {
      name: 'GNU with a prefix',
      bytes: tar(file({ magic: gnuMagic, prefix: 'a/b' })),
      verdict: 'bad-header',
    },
    {
      name: 'GNU with times',
      bytes: tar(file({ magic: gnuMagic, prefix: '00000000001\x0000000000001\0' })),
      verdict: 'read',
    },
  ];
}

function endings(): HostileTar[] {
  const good = file({}, 'abc');
  return [
    { name: 'an empty stream', bytes: new Uint8Array(0), verdict: 'read' },
    { name: 'end blocks alone', bytes: endBlocks, verdict: 'read' },
    { name: 'H38 no end blocks', bytes: good, verdict: 'read' },
    { name: 'H38 one end block', bytes: Buffer.concat([good, Buffer.alloc(512)]), verdict: 'read' },
    ...[1, 100, 511].map((length) => ({
      name: `H38 ends after ${length} bytes of a header`,
      bytes: good.slice(0, length),
      verdict: 'truncated',
    })),
    ...[512, 513, 514, 515, 1023].map((length) => ({
      name: `H38 ends after ${length} bytes of an entry`,
      bytes: good.slice(0, length),
      verdict: 'truncated',
    })),
    {
      name: 'H39 NULs after the end',
      bytes: Buffer.concat([tar(good), Buffer.alloc(10000)]),
      verdict: 'read',
    },
    {
      name: 'H39 a byte after the end',
      bytes: Buffer.concat([tar(good), Buffer.from('x')]),
      verdict: 'trailing-data',
    },
    { name: 'H39 a second archive', bytes: Buffer.concat([tar(good), tar(good)]), verdict: 'trailing-data' },
    {
      name: 'H39 garbage after NULs',
      bytes: Buffer.concat([tar(good), Buffer.alloc(5000), Buffer.from([1])]),
      verdict: 'trailing-data',
    },
    {
      name: 'H39 an entry after one zero block',
      bytes: Buffer.concat([good, Buffer.alloc(512), tar(good)]),
      verdict: 'trailing-data',
    },
  ];
}
