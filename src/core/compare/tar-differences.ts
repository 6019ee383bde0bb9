/**
 * Two tars side by side, lazily, in the order in which people care: members that only one has, then member by member
 * what it is, what it holds, who owns it, when; then the order of the members and the zeros at the end. Members are
 * paired by path, so another order hides nothing.
 */
import { escapeText } from '../diagnostic/escape-text.ts';
import { type Found, type Sides, unequal } from './difference.ts';
import { type MemberDifference, memberDifferences } from './member-differences.ts';
import { kindOf, type TarMember } from './tar-member.ts';
import type { TarOutline } from './tar-outline.ts';

export function* tarDifferences({ rebuilt, given }: Sides<TarOutline>): Generator<MemberDifference> {
  const [ours, theirs] = [byPath(rebuilt.members), byPath(given.members)];
  yield* onlyIn(ours, theirs, 'rebuilt');
  yield* onlyIn(theirs, ours, 'given');
  for (const [path, member] of ours) {
    const other = theirs.get(path);
    if (other !== undefined) yield* memberDifferences({ rebuilt: member, given: other });
  }
  yield* orderDifference(ours, theirs);
  const endings = { rebuilt: `${rebuilt.ending} bytes`, given: `${given.ending} bytes` };
  yield* unequal({ field: 'end of tar', what: 'zeros at the end of the tar' }, endings);
}

type Members = ReadonlyMap<string, TarMember>;

/** A path that stands there again is another key, so that each member has its partner. */
function byPath(members: readonly TarMember[]): Members {
  const found = new Map<string, TarMember>();
  for (const member of members) {
    let key = member.path;
    for (let again = 2; found.has(key); again += 1) key = `${member.path} (again, ${again})`;
    found.set(key, member);
  }
  return found;
}

function* onlyIn(these: Members, others: Members, side: keyof Sides<unknown>): Generator<Found> {
  const field = side === 'given' ? 'extra entry' : 'missing entry';
  for (const [path, member] of these) {
    if (!others.has(path)) yield { field, what: escapeText(path), [side]: kindOf(member) };
  }
}

/** Said once: where one entry is out of its place, all behind it are. */
function* orderDifference(ours: Members, theirs: Members): Generator<Found> {
  const [left, right] = [[...ours.keys()].filter((path) => theirs.has(path)), [...theirs.keys()]];
  const order = right.filter((path) => ours.has(path));
  const at = left.findIndex((path, index) => order[index] !== path);
  if (at < 0) return;
  const what = `order of entries: entry ${at + 1}`;
  yield {
    field: 'order of entries',
    what,
    rebuilt: escapeText(left[at] ?? ''),
    given: escapeText(order[at] ?? ''),
  };
}
