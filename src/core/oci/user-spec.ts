/**
 * Who a process runs as: `user`, `uid`, `user:group` and their mixtures (image-spec config.md, User), looked up in the
 * image's own passwd and group. resolveUser reads as github.com/moby/sys/user does, and so as docker and runc;
 * resolveImageUser is the gate for images from outside (safety.md H49, H51) and takes less. In both, digits alone are
 * an id, looked up by number for group and home, never by name.
 */
import { type GroupEntry, parseGroup, parsePasswd, type PasswdEntry } from './passwd-file.ts';

export interface ResolvedUser {
  readonly uid: number;
  readonly gid: number;
  /** Groups beside `gid`, in the order of the group file. */
  readonly additionalGids: readonly number[];
  /** The home folder; '' where the passwd entry names none. */
  readonly home: string;
}

export type UserProblem = 'malformed' | 'out-of-range' | 'unknown-user' | 'unknown-group' | 'too-many-groups';
export type UserResolution =
  { readonly ok: true; readonly user: ResolvedUser } | { readonly ok: false; readonly reason: UserProblem };

/** Texts of the image's files; undefined where a file is missing. */
export interface AccountFiles {
  readonly passwd?: string | undefined;
  readonly group?: string | undefined;
}

/** moby/sys user.go and runc: 2^31 - 1, though the kernel goes further. */
export const maxId = 2 ** 31 - 1;
/** limits.h NGROUPS_MAX: no process has more groups. */
export const maxGroups = 65_536;

export const rootUser: ResolvedUser = { uid: 0, gid: 0, additionalGids: [], home: '/' };

/** Resolves as moby/sys/user does: what the text and the files leave open comes from `defaults`. */
export function resolveUser(spec: string, files: AccountFiles, defaults: ResolvedUser): UserResolution {
  const colon = spec.indexOf(':');
  const user = parseHalf(colon < 0 ? spec : spec.slice(0, colon));
  const group = parseHalf(colon < 0 ? '' : spec.slice(colon + 1));
  if (user.kind === 'out-of-range' || group.kind === 'out-of-range') return refuse('out-of-range');
  const entry = findEntry(user, parsePasswd(files.passwd ?? ''), defaults.uid);
  if (entry === undefined && user.kind === 'name') return refuse('unknown-user');
  const base = startingFrom(user, entry, defaults);
  const groups = parseGroup(files.group ?? '');
  return group.kind === 'none' ? withMemberships(base, entry, groups) : withGroup(base, group, groups);
}

/**
 * Resolves an image's User, where '' is root. Refuses what moby would still read: signs, spaces, empty halves, names
 * that start with a digit.
 */
export function resolveImageUser(spec: string, files: AccountFiles): UserResolution {
  if (spec !== '' && !isImageUser(spec)) return refuse('malformed');
  const resolved = resolveUser(spec, files, rootUser);
  if (!resolved.ok) return resolved;
  const { user } = resolved;
  if (user.additionalGids.length >= maxGroups) return refuse('too-many-groups');
  return user.home === '' ? { ok: true, user: { ...user, home: '/' } } : resolved;
}

/** Group ids of names and numbers, ascending and each once, as moby's GetAdditionalGroups. */
export function resolveGroups(
  names: readonly string[],
  groupText: string | undefined,
):
  | { readonly ok: true; readonly gids: readonly number[] }
  | { readonly ok: false; readonly reason: UserProblem } {
  const groups = parseGroup(groupText ?? '');
  const gids = new Set<number>();
  for (const name of names) {
    const gid = findGid(parseHalf(name), groups);
    if (typeof gid === 'string') return { ok: false, reason: gid };
    gids.add(gid);
  }
  return { ok: true, gids: [...gids].sort((a, b) => a - b) };
}

function refuse(reason: UserProblem): UserResolution {
  return { ok: false, reason };
}

// useradd(8)'s names, with upper case and dots as in images; at most 32 there, 256 here.
const halfPattern = /^(?:[0-9]+|[A-Za-z_][A-Za-z0-9_.-]{0,255}\$?)$/;

function isImageUser(spec: string): boolean {
  const halves = spec.split(':');
  return halves.length <= 2 && halves.every((half) => halfPattern.test(half));
}

type Half =
  | { readonly kind: 'none' }
  | { readonly kind: 'id'; readonly id: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'out-of-range' };

/** A number with a sign is a number, as to Go's Atoi. */
function parseHalf(text: string): Half {
  if (text === '') return { kind: 'none' };
  if (!/^[+-]?[0-9]+$/.test(text)) return { kind: 'name', name: text };
  const id = Number(text);
  return id >= 0 && id <= maxId ? { kind: 'id', id } : { kind: 'out-of-range' };
}

function findEntry(user: Half, entries: readonly PasswdEntry[], defaultUid: number): PasswdEntry | undefined {
  if (user.kind === 'name') return entries.find(({ name }) => name === user.name);
  const wanted = user.kind === 'id' ? user.id : defaultUid;
  return entries.find(({ uid }) => uid === wanted);
}

function startingFrom(user: Half, entry: PasswdEntry | undefined, defaults: ResolvedUser): ResolvedUser {
  if (entry !== undefined) {
    const { uid, gid, home } = entry;
    return { uid, gid, home, additionalGids: defaults.additionalGids };
  }
  return user.kind === 'id' ? { ...defaults, uid: user.id } : defaults;
}

/** Without a group in the text, the user's memberships count, if there are any. */
function withMemberships(
  base: ResolvedUser,
  entry: PasswdEntry | undefined,
  groups: readonly GroupEntry[],
): UserResolution {
  const memberships = groups.filter(({ members }) => entry !== undefined && members.includes(entry.name));
  const additionalGids = memberships.length > 0 ? memberships.map(({ gid }) => gid) : base.additionalGids;
  return within({ ...base, additionalGids });
}

function withGroup(base: ResolvedUser, group: Half, groups: readonly GroupEntry[]): UserResolution {
  const gid = findGid(group, groups);
  return typeof gid === 'string' ? refuse(gid) : within({ ...base, gid });
}

function findGid(group: Half, groups: readonly GroupEntry[]): number | UserProblem {
  if (group.kind === 'out-of-range') return 'out-of-range';
  if (group.kind === 'id') return group.id;
  const name = group.kind === 'name' ? group.name : '';
  const gid = groups.find((entry) => entry.name === name)?.gid;
  if (gid === undefined) return 'unknown-group';
  return gid <= maxId ? gid : 'out-of-range';
}

/** Ids out of the files are held to the same range. */
function within(user: ResolvedUser): UserResolution {
  const ids = [user.uid, user.gid, ...user.additionalGids];
  return ids.some((id) => id > maxId) ? refuse('out-of-range') : { ok: true, user };
}
