/** What can be wrong with an account that the recipe adds, each with the way out. */
import { quoteText } from '../diagnostic/escape-text.ts';
import type { GroupEntry, PasswdEntry } from '../oci/passwd-file.ts';
import type { Problem } from './planning.ts';

/** `key` is what differs, `at` the key of the recipe that says otherwise. */
export function otherUser(user: PasswdEntry, key: keyof PasswdEntry, at: string): Problem {
  return clash(
    `the image has a user ${quoteText(user.name)} already, whose ${key} is ${quoteText(String(user[key]))}`,
    `leave out \`${at}\` to take the user as it is, or choose another name`,
  );
}

export function otherGroup({ name, gid }: GroupEntry): Problem {
  return clash(
    `the image has a group ${quoteText(name)} already, with gid ${String(gid)}`,
    `write \`gid: ${String(gid)}\` to take the group as it is, or choose another name`,
  );
}

export function takenUid({ name, uid }: PasswdEntry, free: number): Problem {
  return clash(
    `uid ${String(uid)} is that of the user ${quoteText(name)} already`,
    `use ${quoteText(name)} itself, or another number such as ${String(free)}`,
  );
}

export function takenGid({ name, gid }: GroupEntry, free: number): Problem {
  return clash(
    `gid ${String(gid)} is that of the group ${quoteText(name)} already`,
    `use ${quoteText(name)} itself, or another number such as ${String(free)}`,
  );
}

function clash(message: string, help: string): Problem {
  return { code: 'plan/account-clash', message, help };
}

export function noGroup(name: string): Problem {
  return {
    code: 'plan/unknown-user',
    message: `${quoteText(name)} is not in the image’s /etc/group`,
    help: `add it to \`groups\`: \`groups: { ${name}: {} }\``,
  };
}
