/**
 * The recipe's `users` and `groups` on top of an image's own accounts. An account that the image has already as the
 * recipe says it is no news; one that differs in anything the recipe says is a clash, and so is a number that another
 * name has. Groups come first, then users, each in the recipe's order.
 */
import type { GroupEntry, PasswdEntry } from '../oci/passwd-file.ts';
import type { GroupRecipe, UserRecipe } from '../recipe/recipe.ts';
import type { AccountTexts } from '../tree/account-texts.ts';
import { type AccountFiles, openAccountFiles, root } from './account-files.ts';
import { noGroup, otherGroup, otherUser, takenGid, takenUid } from './account-problems.ts';
import { chosenId, freeId } from './chosen-id.ts';
import type { Problem } from './planning.ts';

export interface AskedAccounts {
  readonly users: Readonly<Record<string, UserRecipe>>;
  readonly groups: Readonly<Record<string, GroupRecipe>>;
}

export interface AddedAccounts {
  /** The files that changed. */
  readonly texts: AccountTexts;
  /** Home folders that are the recipe's to make, where they are not there. */
  readonly homes: readonly Home[];
  /** The same accounts with every number chosen. */
  readonly settled: AskedAccounts;
  /** Groups that users are to be in and that the image does not have: a layer above may bring them. */
  readonly unjoined: readonly AccountProblem[];
}

export interface AccountProblem {
  readonly path: readonly string[];
  readonly problem: Problem;
}

export interface Home {
  readonly user: string;
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
}

/** `path` leads from the image to what is wrong: `['users', 'app', 'uid']`. */
export type ReportAccount = (path: readonly string[], problem: Problem) => void;

export function addAccounts(known: AccountTexts, asked: AskedAccounts, report: ReportAccount): AddedAccounts {
  const files = openAccountFiles({ texts: known, bringsRoot: Object.hasOwn(asked.users, 'root') });
  const adding: Adding = { files, asked, report, written: writtenIds(asked), unjoined: [] };
  const groups = Object.entries(asked.groups).map(([name, group]) => [name, addGroup(adding, name, group)]);
  const added = Object.entries(asked.users).map(([name, user]) => ({
    name,
    user,
    ...addUser(adding, name, user),
  }));
  return {
    texts: files.changed(),
    homes: added.flatMap(({ home }) => home ?? []),
    settled: {
      groups: Object.fromEntries(groups) as AskedAccounts['groups'],
      users: Object.fromEntries(added.map(({ name, user, ids }) => [name, { ...user, ...ids }])),
    },
    unjoined: adding.unjoined,
  };
}

interface Adding {
  readonly files: AccountFiles;
  readonly asked: AskedAccounts;
  readonly report: ReportAccount;
  /** Numbers that the recipe itself gives away. */
  readonly written: ReadonlySet<number>;
  readonly unjoined: AccountProblem[];
}

function writtenIds({ users, groups }: AskedAccounts): Set<number> {
  const ids = [
    ...Object.values(users).flatMap(({ uid, gid }) => [uid, gid]),
    ...Object.values(groups).map(({ gid }) => gid),
  ];
  return new Set(ids.filter((id) => id !== undefined));
}

function addGroup(adding: Adding, name: string, { gid: wanted }: GroupRecipe): GroupRecipe {
  const { files, asked } = adding;
  const path = ['groups', name, 'gid'];
  const existing = groupCalled(files, name);
  if (existing !== undefined) {
    if (wanted !== undefined && wanted !== existing.gid) adding.report(path, otherGroup(existing));
    return { gid: existing.gid };
  }
  const user = asked.users[name];
  const gid = wanted ?? user?.gid ?? user?.uid ?? chosenId(name, (id) => isTaken(adding, id));
  makeGroup(adding, { name, gid }, path);
  return { gid };
}

function makeGroup(adding: Adding, group: Omit<GroupEntry, 'members'>, path: readonly string[]): void {
  const owner = adding.files.groups.find(({ gid }) => gid === group.gid);
  if (owner === undefined) adding.files.addGroup(group);
  else adding.report(path, takenGid(owner, nextFree(adding, owner.gid)));
}

interface AddedUser {
  readonly ids?: { readonly uid: number; readonly gid: number };
  readonly home?: Home;
}

/** Empty where a problem was reported instead. */
function addUser(adding: Adding, name: string, asked: UserRecipe): AddedUser {
  const { files } = adding;
  const existing = files.users.find((one) => one.name === name);
  const user = existing === undefined ? newUser(adding, name, asked) : sameUser(adding, existing, asked);
  if (user === undefined) return {};
  for (const [index, group] of asked.groups.entries()) {
    if (groupCalled(files, group) !== undefined) files.addMember(group, name);
    else adding.unjoined.push({ path: ['users', name, 'groups', String(index)], problem: noGroup(group) });
  }
  const ids = { uid: user.uid, gid: user.gid };
  const isMade = (existing === undefined || asked.home !== undefined) && isHome(user.home);
  return { ids, ...(isMade ? { home: { user: name, path: user.home, ...ids } } : {}) };
}

function newUser(adding: Adding, name: string, written: UserRecipe): PasswdEntry | undefined {
  const { files } = adding;
  const asked = name === root.name ? { ...written, uid: written.uid ?? root.uid } : written;
  const uid = asked.uid ?? ownGroup(adding, name)?.gid ?? chosenId(name, (id) => isTaken(adding, id));
  const owner = files.users.find((one) => one.uid === uid);
  if (owner !== undefined) adding.report(['users', name, 'uid'], takenUid(owner, nextFree(adding, uid)));
  const gid = owner === undefined ? primaryGid(adding, { name, uid, asked }) : uid;
  if (gid === undefined) return undefined;
  const { system, comment = '' } = asked;
  const home = asked.home ?? (name === root.name ? root.home : system ? '/nonexistent' : `/home/${name}`);
  const shell = asked.shell ?? (system ? '/usr/sbin/nologin' : '/bin/sh');
  const user = { name, uid, gid, comment, home, shell };
  files.addUser(user);
  return user;
}

/** The group of a new user: that which is named, else that of the number, else one of its own name and number. */
function primaryGid(
  adding: Adding,
  { name, uid, asked }: { readonly name: string; readonly uid: number; readonly asked: UserRecipe },
): number | undefined {
  const { files } = adding;
  const path = ['users', name, asked.group === undefined ? 'gid' : 'group'];
  const called = asked.group ?? name;
  const existing = groupCalled(files, called);
  const gid = asked.gid ?? (asked.group === undefined ? (ownGroup(adding, name)?.gid ?? uid) : existing?.gid);
  if (gid === undefined) {
    adding.report(path, noGroup(called));
    return undefined;
  }
  if (asked.group === undefined && asked.gid !== undefined && files.groups.some((group) => group.gid === gid))
    return gid;
  if (existing === undefined) makeGroup(adding, { name: called, gid }, path);
  else if (existing.gid !== gid) adding.report(path, otherGroup(existing));
  return gid;
}

/** A group of the same name in `groups` is meant to be the user's own. */
function ownGroup({ files, asked }: Adding, name: string): GroupEntry | undefined {
  return Object.hasOwn(asked.groups, name) ? groupCalled(files, name) : undefined;
}

/** What the image has under this name, where nothing that the recipe says contradicts it. */
function sameUser(adding: Adding, existing: PasswdEntry, asked: UserRecipe): PasswdEntry | undefined {
  const { name } = existing;
  const group = asked.group === undefined ? undefined : groupCalled(adding.files, asked.group);
  if (asked.group !== undefined && group === undefined) {
    adding.report(['users', name, 'group'], noGroup(asked.group));
    return undefined;
  }
  const gid = asked.gid ?? group?.gid;
  const said = { uid: asked.uid, gid, home: asked.home, shell: asked.shell, comment: asked.comment };
  const different = (Object.keys(said) as (keyof typeof said)[]).filter(
    (key) => said[key] !== undefined && said[key] !== existing[key],
  );
  for (const key of different) {
    const at = key === 'gid' && asked.gid === undefined ? 'group' : key;
    adding.report(['users', name, at], otherUser(existing, key, at));
  }
  return different.length === 0 ? existing : undefined;
}

function groupCalled({ groups }: AccountFiles, name: string): GroupEntry | undefined {
  return groups.find((group) => group.name === name);
}

function isTaken({ files, written }: Adding, id: number): boolean {
  return (
    written.has(id) || files.users.some(({ uid }) => uid === id) || files.groups.some(({ gid }) => gid === id)
  );
}

function nextFree(adding: Adding, id: number): number {
  return freeId(Math.max(id, 9_999) + 1, (one) => isTaken(adding, one));
}

/** Folders that say that there is none (Debian's base-passwd), and those that are no home. */
function isHome(path: string): boolean {
  return !/^\/*$/.test(path) && !/^\/(?:nonexistent|dev|proc|sys)(?:\/|$)/.test(path);
}
