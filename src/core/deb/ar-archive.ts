/**
 * The container of a .deb (deb(5)): an `ar` archive of `debian-binary`, `control.tar` and `data.tar`, in that order
 * and under names that say how the two are compressed. Read strictly; only where things are is told, no byte is copied.
 */
import { quoteText } from '../diagnostic/escape-text.ts';
import { malformed } from './deb-error.ts';

export type DebCompression = 'none' | 'gz' | 'xz' | 'zst' | 'bz2';

export interface DebMember {
  readonly offset: number;
  readonly size: number;
  readonly compression: DebCompression;
}

export interface DebArchive {
  readonly control: DebMember;
  readonly data: DebMember;
}

const arHeaderBytes = 60;
const magic = '!<arch>\n';

/** `bytes` is the whole .deb; `what` names it in messages. */
export function parseDebArchive(bytes: Uint8Array, what: string): DebArchive {
  const members = arMembers(bytes, what);
  const [version, ...rest] = members;
  if (version?.name !== 'debian-binary')
    throw malformed(what, 'is no Debian package: debian-binary is not its first member');
  checkFormat(bytes, version, what);
  // deb(5): members whose names begin with an underscore are to be passed over.
  const [control, data] = rest.filter(({ name }) => !name.startsWith('_'));
  return { control: memberOf(control, 'control.tar', what), data: memberOf(data, 'data.tar', what) };
}

interface ArMember {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

function arMembers(bytes: Uint8Array, what: string): ArMember[] {
  if (textAt(bytes, 0, magic.length) !== magic)
    throw malformed(what, 'is no Debian package: it is no ar archive');
  const members: ArMember[] = [];
  for (let at = magic.length; at < bytes.length;) {
    const member = readHeader(bytes, at, what);
    members.push(member);
    const end = member.offset + member.size;
    if (end > bytes.length) throw malformed(what, `ends within its member ${quoteText(member.name)}`);
    at = end + (end % 2);
  }
  return members;
}

/** ar(5): name (16), mtime (12), uid (6), gid (6), mode (8), size (10), and two bytes that end a header. */
function readHeader(bytes: Uint8Array, at: number, what: string): ArMember {
  const header = textAt(bytes, at, arHeaderBytes);
  const size = header.slice(48, 58).trimEnd();
  if (header.length < arHeaderBytes || header.slice(58) !== '`\n' || !/^[0-9]{1,10}$/.test(size)) {
    throw malformed(what, `has a broken ar header at byte ${String(at)}`);
  }
  const name = header.slice(0, 16).trimEnd().replace(/\/$/, '');
  return { name, offset: at + arHeaderBytes, size: Number(size) };
}

function checkFormat(bytes: Uint8Array, member: ArMember, what: string): void {
  const text = textAt(bytes, member.offset, Math.min(member.size, 16));
  if (!/^2\.[0-9]+\n/.test(text)) throw malformed(what, 'is of a format other than 2.x');
}

function memberOf(member: ArMember | undefined, stem: string, what: string): DebMember {
  const ending = member?.name.startsWith(stem) === true ? member.name.slice(stem.length) : undefined;
  const compression = ending === undefined ? undefined : compressions[ending];
  if (member === undefined || compression === undefined) {
    throw malformed(what, `has ${quoteText(member?.name ?? 'nothing')} where its ${stem} must be`);
  }
  return { offset: member.offset, size: member.size, compression };
}

const compressions: Readonly<Record<string, DebCompression>> = {
  '': 'none',
  '.gz': 'gz',
  '.xz': 'xz',
  '.zst': 'zst',
  '.bz2': 'bz2',
};

const decoder = new TextDecoder('latin1');

function textAt(bytes: Uint8Array, offset: number, length: number): string {
  return decoder.decode(bytes.subarray(offset, offset + length));
}
