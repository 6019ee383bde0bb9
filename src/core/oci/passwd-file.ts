/**
 * The lines of /etc/passwd and /etc/group (passwd(5), group(5)), read as a container's files must be: lines that are
 * blank, comments or broken say nothing. A field that is no number is never taken for 0, which would be root.
 */

export interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** What is said of the account: the field that is called GECOS. */
  readonly comment: string;
  readonly shell: string;
}

export interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** The entries in the file's order. Ids are whole numbers of any size: the caller checks their range. */
export function parsePasswd(text: string): PasswdEntry[] {
  return entriesOf(text, ([name = '', , uid, gid, comment = '', home = '', shell = '']) => ({
    name,
    uid: parseId(uid),
    gid: parseId(gid),
    home,
    comment,
    shell,
  })).filter(({ uid, gid }) => !Number.isNaN(uid) && !Number.isNaN(gid));
}

export function parseGroup(text: string): GroupEntry[] {
  return entriesOf(text, ([name = '', , gid, members = '']) => ({
    name,
    gid: parseId(gid),
    members: members === '' ? [] : members.split(','),
  })).filter(({ gid }) => !Number.isNaN(gid));
}

function entriesOf<T>(text: string, read: (fields: readonly string[]) => T): T[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => read(line.split(':')));
}

function parseId(field: string | undefined): number {
  return field !== undefined && /^[0-9]+$/.test(field) ? Number(field) : NaN;
}
