/** One of everything that a layer can hold and a build seldom sees, below `odd/`. */
import { type RawEntry, rawTar } from './raw-tar.ts';

// VFS_CAP_REVISION_2 with cap_net_raw, as setcap writes it.
const netRaw = Buffer.from('AQAAAgAgAAAAAAAAAAAAAAAAAAA=', 'base64');

const bytes = (name: string, ...more: readonly number[]): Uint8Array =>
  Uint8Array.of(...Buffer.from(name), ...more);

const entries: readonly RawEntry[] = [
  { name: 'odd/', type: '5', mode: 0o751, uid: 3, gid: 4, mtime: 100 },
  { name: 'odd/setgid/', type: '5', mode: 0o2775, gid: 50, mtime: 100 },
  { name: 'odd/sticky/', type: '5', mode: 0o1777, mtime: 100 },
  { name: 'odd/shut/', type: '5', mode: 0, uid: 7, mtime: 100 },
  { name: 'odd/shut/in', content: 'in', mode: 0, uid: 7, mtime: 100 },
  { name: 'odd/emptied/', type: '5', mode: 0o755, mtime: 100 },
  { name: 'odd/emptied/gone', content: 'gone' },
  { name: 'odd/spare', content: 'gone' },
  { name: 'odd/setuid', content: 'setuid', mode: 0o4755, uid: 1, mtime: 200 },
  { name: 'odd/setuid-too', type: '1', link: 'odd/setuid', mode: 0o4755, uid: 1, mtime: 200 },
  { name: 'odd/null', type: '3', major: 1, minor: 3, mode: 0o666, mtime: 7 },
  { name: 'odd/loop', type: '4', major: 7, minor: 300, mode: 0o660, gid: 6, mtime: 7 },
  { name: 'odd/pipe', type: '6', mode: 0o640, mtime: 7 },
  { name: 'odd/ping', content: 'ping', mode: 0o755, pax: { 'SCHILY.xattr.security.capability': netRaw } },
  { name: 'odd/noted', content: 'noted', pax: { 'SCHILY.xattr.user.note': 'a=b\nc' } },
  { name: 'odd/noted-folder/', type: '5', mode: 0o755, pax: { 'SCHILY.xattr.user.note': 'folder' } },
  { name: 'odd/far', content: 'far', uid: 70_000, gid: 4_000_000_000, mtime: -5 },
  { name: 'odd/late', content: 'late', mtime: 4_102_444_800 },
  { name: 'odd/fine', content: 'fine', pax: { mtime: '1700000000.123456789' } },
  { name: 'odd/dangling', type: '2', link: '/nowhere/../x', mode: 0o777, mtime: 300 },
  { name: 'odd/loop-of-links', type: '2', link: 'loop-of-links', mode: 0o777, mtime: 300 },
  { name: bytes('odd/n', 0xff), content: '0xff', mtime: 9 },
  { name: bytes('odd/n', 0xfe), content: '0xfe', mtime: 9 },
  { name: 'odd/-rf *', content: 'star', mtime: 9 },
  { name: 'odd/new\nline \x1b[31m', content: 'line', mtime: 9 },
  { name: 'odd/back\\slash', content: 'slash', mtime: 9 },
  { name: 'odd/e\u0301', content: 'NFD', mtime: 9 },
  { name: 'odd/\u00e9', content: 'NFC', mtime: 9 },
  { name: 'odd/README', content: 'upper', mtime: 9 },
  { name: 'odd/readme', content: 'lower', mtime: 9 },
  { name: 'long', content: 'long', mtime: 9, pax: { path: `odd/${'long-name-'.repeat(25)}` } },
  {
    name: 'deep',
    content: 'deep',
    mtime: 9,
    pax: { path: `odd/${'folder-of-some-length/'.repeat(20)}file` },
  },
  {
    name: 'far-link',
    type: '2',
    mode: 0o777,
    mtime: 9,
    pax: { path: 'odd/far-link', linkpath: '../'.repeat(60) },
  },
];

export function oddArchive(): Buffer {
  return rawTar(entries);
}
