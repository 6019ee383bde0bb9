/**
 * Users and groups of a new root: those that base-passwd keeps, then those of usr/lib/sysusers.d (sysusers.d(5)), as
 * systemd-sysusers makes them: ids that are written, else the first free one from 999 down. No clock is in shadow: the
 * day of the last change is left open.
 */
import { parseGroup, parsePasswd } from '../../oci/passwd-file.ts';
import { writtenFile, writtenFolder, type WrittenEntry } from '../written-file.ts';
import type { PackageRoot } from './package-root.ts';

interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
}

interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: string[];
}

interface Accounts {
  readonly users: User[];
  readonly groups: Group[];
}

/** Nothing where a package brings etc/passwd itself, or nobody asks for a user. */
export async function makeAccounts(root: PackageRoot): Promise<WrittenEntry[]> {
  if (root.has('etc/passwd') || root.has('etc/group')) return [];
  const accounts = await masterAccounts(root);
  const files = root.filesIn('usr/lib/sysusers.d', '.conf');
  const texts = await Promise.all(files.map((path) => root.text(path)));
  const lines = texts.flatMap((text) => readLines(text ?? ''));
  // systemd-sysusers makes what has its id written before it looks for free ones.
  for (const line of [...lines.filter(hasId), ...lines.filter((one) => !hasId(one))]) addLine(accounts, line);
  return accounts.users.length + accounts.groups.length === 0 ? [] : accountFiles(accounts);
}

async function masterAccounts(root: PackageRoot): Promise<Accounts> {
  const passwd = (await root.text('usr/share/base-passwd/passwd.master')) ?? '';
  const group = (await root.text('usr/share/base-passwd/group.master')) ?? '';
  const fields = new Map(passwd.split('\n').map((line) => [line.split(':', 1)[0], line.split(':')]));
  const users = parsePasswd(passwd).map(({ name, uid, gid, home }) => {
    const all = fields.get(name);
    return { name, uid, gid, home, comment: all?.[4] ?? '', shell: all?.[6] ?? '/usr/sbin/nologin' };
  });
  return { users, groups: parseGroup(group).map((one) => ({ ...one, members: [...one.members] })) };
}

interface Line {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
}

function readLines(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    const words = (line.trim().match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, '$1'));
    const [type = '', name = '', id = '-', comment = '-', home = '-', shell = '-'] = words;
    return /^[ugm]!?$/.test(type) && /^[\w.-]+$/.test(name)
      ? [{ type: type.charAt(0), name, id, comment, home, shell }]
      : [];
  });
}

function hasId({ id }: Line): boolean {
  return /^[0-9]/.test(id);
}

function addLine(accounts: Accounts, line: Line): void {
  if (line.type === 'm') addMember(accounts, line);
  else if (line.type === 'g') groupOf(accounts, line.name, idIn(line.id));
  else addUser(accounts, line);
}

function addMember(accounts: Accounts, { name, id: group }: Line): void {
  const { members } = groupOf(accounts, group, undefined);
  if (!members.includes(name)) members.push(name);
}

function addUser(accounts: Accounts, { name, id, comment, home, shell }: Line): void {
  if (accounts.users.some((user) => user.name === name)) return;
  const [uid, group] = id.split(':');
  const wanted = idIn(uid ?? '') ?? freeId(accounts, name);
  const gid = group === undefined ? groupOf(accounts, name, wanted).gid : namedGroup(accounts, group);
  accounts.users.push({
    name,
    uid: wanted,
    gid,
    comment: comment === '-' ? '' : comment,
    home: home === '-' ? '/' : home,
    shell: shell === '-' ? '/usr/sbin/nologin' : shell,
  });
}

function namedGroup(accounts: Accounts, text: string): number {
  return idIn(text) ?? groupOf(accounts, text, undefined).gid;
}

function groupOf(accounts: Accounts, name: string, wanted: number | undefined): Group {
  const known = accounts.groups.find((group) => group.name === name);
  if (known !== undefined) return known;
  const isFree = wanted !== undefined && !accounts.groups.some(({ gid }) => gid === wanted);
  const made = { name, gid: isFree ? wanted : freeId(accounts, name), members: [] };
  accounts.groups.push(made);
  return made;
}

/** A user's id is its group's where that is there already and free; else the greatest that neither list has. */
function freeId({ users, groups }: Accounts, name: string): number {
  const own = groups.find((group) => group.name === name)?.gid;
  if (own !== undefined && !users.some(({ uid }) => uid === own)) return own;
  const taken = new Set([...users.map(({ uid }) => uid), ...groups.map(({ gid }) => gid)]);
  let id = 999;
  while (taken.has(id)) id -= 1;
  return id;
}

function idIn(text: string): number | undefined {
  return /^[0-9]{1,10}$/.test(text) ? Number(text) : undefined;
}

/** Passwords are locked everywhere; shadow's group is `shadow` where it is known (42 in base-passwd). */
function accountFiles({ users, groups }: Accounts): WrittenEntry[] {
  const passwd = users.map(
    ({ name, uid, gid, comment, home, shell }) =>
      `${name}:x:${String(uid)}:${String(gid)}:${comment}:${home}:${shell}\n`,
  );
  const group = groups.map(({ name, gid, members }) => `${name}:x:${String(gid)}:${members.join(',')}\n`);
  const shadow = users.map(({ name }) => `${name}:*::0:99999:7:::\n`);
  const gshadow = groups.map(({ name, members }) => `${name}:*::${members.join(',')}\n`);
  const gid = groups.find(({ name }) => name === 'shadow')?.gid ?? 0;
  return [
    writtenFolder('etc'),
    writtenFile('etc/passwd', passwd.join('')),
    writtenFile('etc/group', group.join('')),
    ...[
      writtenFile('etc/shadow', shadow.join(''), 0o640),
      writtenFile('etc/gshadow', gshadow.join(''), 0o640),
    ].map((one) => ({ ...one, entry: { ...one.entry, gid } })),
  ];
}
