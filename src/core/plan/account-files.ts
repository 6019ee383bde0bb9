/**
 * The accounts files of an image as users and groups are added to them, in the words of useradd(8) and groupadd(8).
 * What stands there stays byte for byte: lines are appended, and a group that gains a member is the only one that
 * changes. An image without accounts gets root's, since programs look it up; one that has passwd and no shadow gets
 * none, and gshadow only grows where there is one.
 */
import { type GroupEntry, parseGroup, parsePasswd, type PasswdEntry } from '../oci/passwd-file.ts';
import { type AccountName, accountTexts, type AccountTexts } from '../tree/account-texts.ts';

export interface AccountFiles {
  readonly users: readonly PasswdEntry[];
  readonly groups: readonly GroupEntry[];
  addUser(user: PasswdEntry): void;
  addGroup(group: Omit<GroupEntry, 'members'>): void;
  /** Nothing where it is a member already. */
  addMember(group: string, user: string): void;
  /** The files that are no longer what they were. */
  changed(): AccountTexts;
}

export interface KnownAccounts {
  readonly texts: AccountTexts;
  /** Whether root is among those that will be added, so that it need not be made up. */
  readonly bringsRoot: boolean;
}

export function openAccountFiles({ texts: known, bringsRoot }: KnownAccounts): AccountFiles {
  const users = parsePasswd(known.passwd ?? '');
  const groups = parseGroup(known.group ?? '');
  const texts = new Map<AccountName, string>(Object.entries(known) as [AccountName, string][]);
  if (known.passwd === undefined && !texts.has('shadow')) texts.set('shadow', '');
  const append = (name: AccountName, ...fields: readonly (string | number)[]): void => {
    const text = texts.get(name) ?? '';
    texts.set(name, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${fields.join(':')}\n`);
  };
  const addUser = (user: PasswdEntry): void => {
    const { name, uid, gid, comment, home, shell } = user;
    users.push(user);
    append('passwd', name, 'x', uid, gid, comment, home, shell);
    if (texts.has('shadow')) append('shadow', name, '!', ...noAgeing);
  };
  const addGroup = (group: Omit<GroupEntry, 'members'>): void => {
    groups.push({ ...group, members: [] });
    append('group', group.name, 'x', group.gid, '');
    if (texts.has('gshadow')) append('gshadow', group.name, '!', '', '');
  };
  if (known.passwd === undefined && !bringsRoot) addUser(root);
  if (known.group === undefined) addGroup({ name: root.name, gid: root.gid });
  return {
    users,
    groups,
    addUser,
    addGroup,
    addMember: (group, user) => {
      const at = groups.findIndex(({ name }) => name === group);
      const found = groups[at];
      if (found === undefined || found.members.includes(user)) return;
      groups[at] = { ...found, members: [...found.members, user] };
      for (const name of ['group', 'gshadow'] as const) {
        const text = texts.get(name);
        if (text !== undefined) texts.set(name, withMember(text, group, user));
      }
    },
    changed: () => accountTexts((name) => (texts.get(name) === known[name] ? undefined : texts.get(name))),
  };
}

/** The days of shadow(5), of which none matters to an account without a password. */
const noAgeing = ['', '', '', '', '', '', ''];

/** Whose name and number programs rely on. */
export const root: PasswdEntry = {
  name: 'root',
  uid: 0,
  gid: 0,
  comment: 'root',
  home: '/root',
  shell: '/bin/sh',
};

/** Members are the fourth and last field of both files; a line may leave it out. */
function withMember(text: string, group: string, user: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.trim().startsWith(`${group}:`));
  const line = lines[at]?.trim();
  if (line === undefined) return text;
  const fields = line.split(':').length;
  const whole = fields < memberFields ? `${line}${':'.repeat(memberFields - fields)}` : line;
  return lines.with(at, `${whole}${whole.endsWith(':') ? '' : ','}${user}`).join('\n');
}

const memberFields = 4;
