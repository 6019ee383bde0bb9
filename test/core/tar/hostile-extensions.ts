/** Tars with hostile extended headers: PAX, GNU long names, sparse files. */
import { base256, file, type HostileTar, negative } from './hostile-tar.ts';
import { type Bytes, extended, gnuMagic, member, padded, pax, rawHeader, record, tar } from './raw-tar.ts';

export const hostileExtensions: readonly HostileTar[] = [
  ...paxRecords(),
  ...combinations(),
  ...sparse(),
  ...large(),
];

function paxRecords(): HostileTar[] {
  const raw = (text: string): Uint8Array => tar(pax(Buffer.from(text)), file());
  const records: readonly (readonly [string, Bytes, string])[] = [
    ['path', 'a\0b', 'bad-pax'],
    ['linkpath', 'a\0b', 'bad-pax'],
    ['comment', 'a\0b', 'bad-pax'],
    ['path', '', 'ambiguous-header'],
    ['size', '', 'ambiguous-header'],
    ['mtime', '', 'ambiguous-header'],
    ['size', '-1', 'bad-pax'],
    ['size', '1e3', 'bad-pax'],
    ['size', '0x10', 'bad-pax'],
    ['size', '+1', 'bad-pax'],
    ['size', ' 1', 'bad-pax'],
    ['size', '1.5', 'bad-pax'],
    ['size', '9007199254740993', 'bad-header'],
    ['size', '99999999999999999999', 'bad-header'],
    ['size', '1'.repeat(400), 'bad-pax'],
    ['uid', '-1', 'bad-pax'],
    ['uid', '4294967296', 'bad-header'],
    ['gid', '0x0', 'bad-pax'],
    ['gid', '99999999999', 'bad-header'],
    ['mtime', 'now', 'bad-pax'],
    ['mtime', '1e9', 'bad-pax'],
    ['mtime', '1.2.3', 'bad-pax'],
    ['mtime', '--1', 'bad-pax'],
    ['mtime', '99999999999999999', 'bad-pax'],
    ['hdrcharset', 'EBCDIC', 'ambiguous-header'],
    ['hdrcharset', 'BINARY', 'read'],
    ['SCHILY.realsize', '5', 'ambiguous-header'],
    ['SCHILY.devmajor', '5', 'ambiguous-header'],
    ['SCHILY.xattr.', 'v', 'bad-pax'],
    ['SCHILY.xattr.user.__proto__', 'v', 'read'],
    ['SCHILY.xattr.security.capability', Buffer.from([0, 10, 0, 255]), 'read'],
    ['LIBARCHIVE.xattr.user.a', 'dg', 'read'],
    ['atime', '1', 'read'],
    ['path', '12345', 'read'],
  ];
  return [
    ...records.map(([key, value, verdict]) => ({
      name: `H33 to H36 pax ${key}=${JSON.stringify(Buffer.from(value).toString('latin1').slice(0, 30))}`,
      bytes: tar(pax([key, value]), file()),
      verdict,
    })),
    { name: 'H35 record length too short', bytes: raw('5 path=abc\n'), verdict: 'bad-pax' },
    { name: 'H35 record length too long', bytes: raw('99 path=abc\n'), verdict: 'bad-pax' },
    { name: 'H35 record length 0', bytes: raw('0 path=abc\n'), verdict: 'bad-pax' },
    { name: 'H35 record length with a leading zero', bytes: raw('012 path=abc\n'), verdict: 'bad-pax' },
    { name: 'H35 record length negative', bytes: raw('-12 path=abc\n'), verdict: 'bad-pax' },
    {
      name: 'H35 record length of 30 digits',
      bytes: raw(`${'9'.repeat(30)} path=abc\n`),
      verdict: 'bad-pax',
    },
    { name: 'H35 record without a newline', bytes: raw('12 path=abcd'), verdict: 'bad-pax' },
    { name: 'H35 record without a space', bytes: raw('path=abc\n'), verdict: 'bad-pax' },
    { name: 'H35 record without an equals sign', bytes: raw('11 pathabc\n'), verdict: 'bad-pax' },
    { name: 'H35 record without a key', bytes: raw('8 =abcd\n'), verdict: 'bad-pax' },
    { name: 'H35 record with a NUL in its key', bytes: raw('12 pa\0th=ab\n'), verdict: 'bad-pax' },
    { name: 'H35 NULs behind the last record', bytes: raw('12 path=abc\n\0\0\0'), verdict: 'bad-pax' },
    {
      name: 'H35 pax header of 1 TB',
      bytes: tar(rawHeader({ type: 'x', size: base256(12, 0, 0xe8, 0xd4, 0xa5, 0x10, 0) })),
      verdict: 'header-too-large',
    },
    {
      name: 'H35 pax header of a negative size',
      bytes: tar(rawHeader({ type: 'x', size: negative(12, 1) })),
      verdict: 'header-too-large',
    },
    {
      name: 'H35 GNU long name of 1 GB',
      bytes: tar(rawHeader({ type: 'L', magic: gnuMagic, size: 2 ** 30 })),
      verdict: 'header-too-large',
    },
    {
      name: 'H35 a pax header of 1 MiB that is not there',
      bytes: rawHeader({ type: 'x', size: 2 ** 20 }),
      verdict: 'truncated',
    },
    { name: 'an empty pax header', bytes: tar(extended('x', ''), file()), verdict: 'read' },
    {
      name: 'H31 pax size differs from ustar size',
      bytes: tar(pax(['size', '3']), rawHeader({ size: 0 }), padded('abc')),
      verdict: 'read',
    },
    {
      name: 'H31 pax size on a folder',
      bytes: tar(pax(['size', '3']), member({ type: '5' }), padded('abc')),
      verdict: 'ambiguous-header',
    },
  ];
}

function combinations(): HostileTar[] {
  const x = pax(['path', 'p']);
  const sized = pax(['size', '1']);
  const long = extended('L', 'long\0');
  const link = extended('K', 'target\0');
  const g = (...records: [string, string][]): Uint8Array =>
    extended('g', Buffer.concat(records.map(([key, value]) => record(key, value))));
  return [
    {
      name: 'H32 pax, GNU long name, file',
      bytes: tar(sized, long, file({ magic: gnuMagic })),
      verdict: 'ambiguous-header',
    },
    { name: 'H32 GNU long name, pax, file', bytes: tar(long, sized, file()), verdict: 'ambiguous-header' },
    { name: 'two pax headers', bytes: tar(x, sized, file()), verdict: 'ambiguous-header' },
    {
      name: 'two long names',
      bytes: tar(long, long, file({ magic: gnuMagic })),
      verdict: 'ambiguous-header',
    },
    {
      name: 'two long links',
      bytes: tar(link, link, file({ magic: gnuMagic })),
      verdict: 'ambiguous-header',
    },
    {
      name: 'long name and long link',
      bytes: tar(link, long, member({ type: '2', magic: gnuMagic })),
      verdict: 'read',
    },
    {
      name: 'a pax header before a global one',
      bytes: tar(x, g(['comment', 'c']), file()),
      verdict: 'ambiguous-header',
    },
    { name: 'a pax header before the end', bytes: tar(x), verdict: 'bad-header' },
    { name: 'a long name before the end', bytes: tar(long), verdict: 'bad-header' },
    { name: 'a pax header and nothing more', bytes: x, verdict: 'truncated' },
    {
      name: 'a global header with a comment, as git writes it',
      bytes: tar(g(['comment', 'c']), file()),
      verdict: 'read',
    },
    { name: 'H03 a global path', bytes: tar(g(['path', '../x']), file()), verdict: 'ambiguous-header' },
    { name: 'a global size', bytes: tar(g(['size', '0']), file()), verdict: 'ambiguous-header' },
    {
      name: 'a global uid',
      bytes: tar(g(['comment', 'c'], ['uid', '0']), file()),
      verdict: 'ambiguous-header',
    },
    {
      name: 'a global attribute',
      bytes: tar(g(['SCHILY.xattr.user.a', 'v']), file()),
      verdict: 'ambiguous-header',
    },
    { name: 'a malformed global header', bytes: tar(extended('g', 'nonsense'), file()), verdict: 'bad-pax' },
    {
      name: 'a long name with a NUL in it',
      bytes: tar(extended('L', 'a\0b\0'), file({ magic: gnuMagic })),
      verdict: 'bad-header',
    },
    {
      name: 'an empty long name',
      bytes: tar(extended('L', '\0'), file({ magic: gnuMagic })),
      verdict: 'bad-header',
    },
  ];
}

function sparse(): HostileTar[] {
  return [
    { name: 'H40 old GNU sparse', bytes: tar(file({ type: 'S', magic: gnuMagic })), verdict: 'sparse-file' },
    {
      name: 'H40 sparse 0.0',
      bytes: tar(
        pax(['GNU.sparse.size', '9'], ['GNU.sparse.offset', '0'], ['GNU.sparse.numbytes', '1']),
        file(),
      ),
      verdict: 'sparse-file',
    },
    {
      name: 'H40 sparse 0.1',
      bytes: tar(pax(['GNU.sparse.map', '0,1'], ['GNU.sparse.size', '9']), file()),
      verdict: 'sparse-file',
    },
    {
      name: 'H40 sparse 1.0',
      bytes: tar(pax(['GNU.sparse.major', '1'], ['GNU.sparse.minor', '0'], ['GNU.sparse.name', 'f']), file()),
      verdict: 'sparse-file',
    },
  ];
}

function large(): HostileTar[] {
  return [
    {
      name: 'H45 a path of 5000 bytes',
      bytes: tar(pax(['path', 'a'.repeat(5000)]), file()),
      verdict: 'path-too-long',
    },
    {
      name: 'H45 a path of 2,000 components',
      bytes: tar(pax(['path', 'a/'.repeat(1999) + 'b']), file()),
      verdict: 'too-deep',
    },
    {
      name: 'H45 a path of 4,096 components',
      bytes: tar(pax(['path', 'a/'.repeat(4095) + 'b']), file()),
      verdict: 'path-too-long',
    },
    {
      name: 'a symlink target of 5000 bytes',
      bytes: tar(pax(['linkpath', 'a'.repeat(5000)]), member({ type: '2' })),
      verdict: 'path-too-long',
    },
    {
      name: 'a GNU long name of 5000 bytes',
      bytes: tar(extended('L', 'a'.repeat(5000)), file({ magic: gnuMagic })),
      verdict: 'path-too-long',
    },
    {
      name: 'a record of almost 1 MiB',
      bytes: tar(pax(['comment', 'a'.repeat(1_000_000)]), file()),
      verdict: 'read',
    },
    {
      name: '100,000 records',
      bytes: tar(pax(...Array.from({ length: 100_000 }, () => ['a', ''] as const)), file()),
      verdict: 'read',
    },
  ];
}
