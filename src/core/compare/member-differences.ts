/** Two members of one path: what each is, its content, its metadata, and last how its headers are written. */
import { escapeText, quoteText } from '../diagnostic/escape-text.ts';
import { xattrPrefix } from '../tar/pax.ts';
import { formatPaxTime } from '../tar/pax-time.ts';
import type { Timestamp } from '../tree/file-tree.ts';
import { pathFromBytes } from '../tree/image-path.ts';
import { type Found, type Sides, unequal } from './difference.ts';
import { kindOf, type TarMember } from './tar-member.ts';

/** `content` names two members whose bytes differ: where they do is for whoever can read them. */
export interface MemberDifference extends Found {
  readonly content?: Sides<TarMember>;
}

export function* memberDifferences(members: Sides<TarMember>): Generator<MemberDifference> {
  const { rebuilt, given } = members;
  if (isAlike(members)) return;
  if (rebuilt.type !== given.type) {
    yield { field: 'type', what: subject(rebuilt, 'type'), rebuilt: kindOf(rebuilt), given: kindOf(given) };
    return;
  }
  let named = false;
  for (const found of namedDifferences(members)) {
    named = true;
    yield found;
  }
  if (!named) yield { field: 'header bytes', what: subject(rebuilt, 'other bytes in its header') };
}

function isAlike({ rebuilt, given }: Sides<TarMember>): boolean {
  const sameBytes = rebuilt.header === given.header && rebuilt.content === given.content;
  return sameBytes && rebuilt.padding === given.padding;
}

function subject({ path }: TarMember, what: string): string {
  return `${escapeText(path)}: ${what}`;
}

function* namedDifferences(members: Sides<TarMember>): Generator<MemberDifference> {
  if (members.rebuilt.content !== members.given.content)
    yield { field: 'content', what: subject(members.rebuilt, 'content'), content: members };
  for (const [field, textOf] of Object.entries(metadata)) yield* fieldDifference(members, field, textOf);
  yield* recordDifferences(members);
  for (const [field, textOf] of Object.entries(format)) yield* fieldDifference(members, field, textOf);
}

type TextOf = (member: TarMember) => string;

function fieldDifference(members: Sides<TarMember>, field: string, textOf: TextOf): Iterable<Found> {
  const texts = { rebuilt: textOf(members.rebuilt), given: textOf(members.given) };
  return unequal({ field, what: subject(members.rebuilt, field) }, texts);
}

const metadata: Readonly<Record<string, TextOf>> = {
  'link target': ({ link }) => quoteText(link),
  mode: ({ mode }) => octal(mode % 0o10000),
  owner: ({ uid }) => String(uid),
  group: ({ gid }) => String(gid),
  mtime: ({ mtime }) => dateText(mtime),
  device: ({ device }) => device,
};

const format: Readonly<Record<string, TextOf>> = {
  'owner name': ({ uname }) => quoteText(uname),
  'group name': ({ gname }) => quoteText(gname),
  'name as written': ({ name }) => quoteText(name),
  // Some writers add the bits of the file's type, which every reader takes away again.
  'file type in the mode': ({ mode }) => octal(mode - (mode % 0o10000)),
  'tar format': ({ format: found }) => found,
  padding: ({ padding }) => padding,
};

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

const secondsOfDay = 86_400;
/** ECMA-262, Time Values and Time Range. */
const lastSecond = 8_640_000_000_000;

/** `2026-01-03` at midnight, else with the time of day; what is no date of the calendar as seconds. */
function dateText(time: Timestamp): string {
  const { seconds, nanoseconds = 0 } = time;
  if (Math.abs(seconds) > lastSecond) return `${formatPaxTime(time)} s`;
  const date = new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length);
  const fraction = String(nanoseconds).padStart(9, '0').replace(/0+$/, '');
  if (fraction !== '') return `${date}.${fraction}Z`;
  return seconds % secondsOfDay === 0 ? date.slice(0, date.indexOf('T')) : `${date}Z`;
}

/** Records that stand for a field are said as the field, unless the field is equal and only one side has the record. */
function* recordDifferences({ rebuilt, given }: Sides<TarMember>): Generator<Found> {
  for (const key of new Set([...rebuilt.pax.keys(), ...given.pax.keys()])) {
    const values = { rebuilt: recordText(rebuilt, key), given: recordText(given, key) };
    const both = values.rebuilt !== undefined && values.given !== undefined;
    if (both && resolvedKeys.has(key)) continue;
    if (!both && resolvedKeys.has(key) && !isResolvedAlike({ rebuilt, given })) continue;
    yield* unequal({ field: recordName(key), what: subject(rebuilt, recordName(key)) }, values);
  }
  const orders = { rebuilt: orderOf(rebuilt), given: orderOf(given) };
  if (sameKeys(rebuilt, given))
    yield* unequal({ field: 'order of PAX records', what: subject(rebuilt, 'order of PAX records') }, orders);
}

const resolvedKeys: ReadonlySet<string> = new Set([
  'path',
  'linkpath',
  'size',
  'uid',
  'gid',
  'mtime',
  'uname',
  'gname',
]);

function isResolvedAlike({ rebuilt, given }: Sides<TarMember>): boolean {
  const text = ({ name, link, size, uid, gid, mtime, uname, gname }: TarMember): string =>
    JSON.stringify([name, link, size, uid, gid, formatPaxTime(mtime), uname, gname]);
  return text(rebuilt) === text(given);
}

function recordName(key: string): string {
  return key.startsWith(xattrPrefix)
    ? `xattr ${escapeText(key.slice(xattrPrefix.length))}`
    : `PAX record ${escapeText(key)}`;
}

function recordText({ pax }: TarMember, key: string): string | undefined {
  const value = pax.get(key);
  return value === undefined ? undefined : quoteText(pathFromBytes(value));
}

function orderOf({ pax }: TarMember): string {
  return quoteText([...pax.keys()].join(' '));
}

function sameKeys(one: TarMember, other: TarMember): boolean {
  return one.pax.size === other.pax.size && [...one.pax.keys()].every((key) => other.pax.has(key));
}
