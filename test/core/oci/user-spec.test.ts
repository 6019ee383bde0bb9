import { describe, expect, it } from 'vitest';
import { parseGroup, parsePasswd } from '../../../src/core/oci/passwd-file.ts';
import {
  type AccountFiles,
  type ResolvedUser,
  resolveGroups,
  resolveImageUser,
  resolveUser,
  rootUser,
} from '../../../src/core/oci/user-spec.ts';
import { hasConformanceData, readConformanceData } from './conformance-data.ts';
import { cpuTimeOf } from './cpu-time.ts';

interface UserCase {
  readonly user: string;
  readonly passwd?: boolean;
  readonly group?: boolean;
  readonly expected?: ResolvedUser;
}
interface Section<T> {
  readonly passwd: string;
  readonly group: string;
  readonly largegroup?: boolean;
  readonly cases: readonly T[];
}
interface GroupCase {
  readonly about: string;
  readonly groups: readonly string[];
  readonly expected: readonly number[] | null;
  readonly error?: boolean;
}
interface UserData {
  readonly default: ResolvedUser;
  readonly sections: {
    readonly execUser: Section<UserCase>;
    readonly execUserInvalid: Section<UserCase>;
    readonly noFiles: Section<UserCase>;
    readonly additionalGroups: Section<GroupCase>;
  };
}

const none = { passwd: '', group: '', cases: [] };
const data = readConformanceData<UserData>('user-spec-cases.json', {
  default: rootUser,
  sections: { execUser: none, execUserInvalid: none, noFiles: none, additionalGroups: none },
});
const { execUser, execUserInvalid, noFiles, additionalGroups } = data.sections;

function groupText(section: Section<unknown>): string {
  if (section.largegroup !== true) return section.group;
  const members = Array.from({ length: 7500 }, (_, at) => `user${String(at + 1)}`);
  return `${section.group}largegroup:x:1000:${members.join(',')}\n`;
}

function filesOf(section: Section<unknown>): AccountFiles {
  return { passwd: section.passwd, group: groupText(section) };
}

const noDefault: ResolvedUser = { uid: 0, gid: 0, additionalGids: [], home: '' };

describe.skipIf(!hasConformanceData)(
  'users, by user-spec-cases.json (skipped without ../shared/data)',
  () => {
    it('asserts every row: 51 in 4 sections', () => {
      const counts = [execUser, execUserInvalid, noFiles, additionalGroups].map(({ cases }) => cases.length);
      expect(counts).toEqual([14, 19, 4, 14]);
    });

    it.each(execUser.cases)('resolves $user', (row) => {
      expect(resolveUser(row.user, filesOf(execUser), data.default)).toEqual({
        ok: true,
        user: row.expected,
      });
    });

    it.each(execUserInvalid.cases)('refuses $user', (row) => {
      expect(resolveUser(row.user, filesOf(execUserInvalid), noDefault).ok).toBe(false);
      expect(resolveImageUser(row.user, filesOf(execUserInvalid)).ok).toBe(false);
    });

    it.each(noFiles.cases)('resolves $user where files are missing', (row) => {
      const files: AccountFiles = {
        ...(row.passwd === true ? { passwd: noFiles.passwd } : {}),
        ...(row.group === true ? { group: noFiles.group } : {}),
      };
      expect(resolveUser(row.user, files, data.default)).toEqual({ ok: true, user: row.expected });
    });

    it.each(additionalGroups.cases)('resolves groups: $about', (row) => {
      const resolved = resolveGroups(row.groups, groupText(additionalGroups));
      if (row.error === true) expect(resolved.ok).toBe(false);
      else expect(resolved).toEqual({ ok: true, gids: row.expected });
    });

    it.each(execUser.cases)('agrees, as the stricter gate of an image, on the ids of $user', (row) => {
      const lenient = resolveUser(row.user, filesOf(execUser), rootUser);
      if (!lenient.ok) throw new Error(lenient.reason);
      expect(resolveImageUser(row.user, filesOf(execUser))).toEqual({ ok: true, user: lenient.user });
    });
  },
);

const files: AccountFiles = {
  passwd: 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/app:\n1234:x:5:6::/named:\nnohome:x:7:7\n',
  group: 'root:x:0:\naudio:x:29:app,root\nvideo:x:44:app\n5:x:99:\n',
};

describe('resolveImageUser', () => {
  it.each<[string, Partial<ResolvedUser>]>([
    ['', { uid: 0, gid: 0, additionalGids: [29], home: '/root' }],
    ['app', { uid: 1000, gid: 1001, additionalGids: [29, 44], home: '/app' }],
    ['1000', { uid: 1000, gid: 1001, additionalGids: [29, 44], home: '/app' }],
    ['app:video', { uid: 1000, gid: 44, additionalGids: [] }],
    ['app:0', { uid: 1000, gid: 0, additionalGids: [] }],
    // Digits are an id: the user called 1234 and the group called 5 are not looked up by name.
    ['1234', { uid: 1234, gid: 0, additionalGids: [], home: '/' }],
    ['1000:5', { uid: 1000, gid: 5 }],
    ['nohome', { uid: 7, gid: 7, home: '/' }],
    ['2147483647:2147483647', { uid: 2147483647, gid: 2147483647 }],
  ])('resolves %j', (spec, expected) => {
    expect(resolveImageUser(spec, files)).toMatchObject({ ok: true, user: expected });
  });

  // safety.md H49, and what moby would still read.
  it.each([
    ['4294967296', 'out-of-range'],
    ['2147483648', 'out-of-range'],
    ['1000:99999999999', 'out-of-range'],
    ['99999999999999999999999999999999', 'out-of-range'],
    ['-1', 'malformed'],
    ['+1', 'malformed'],
    ['0x0', 'malformed'],
    [' 0', 'malformed'],
    ['0 ', 'malformed'],
    ['0\n', 'malformed'],
    ['0\0', 'malformed'],
    ['1e3', 'malformed'],
    ['1.0', 'malformed'],
    [':', 'malformed'],
    ['0:', 'malformed'],
    [':0', 'malformed'],
    ['0:0:0', 'malformed'],
    ['root:root:root', 'malformed'],
    ['rööt', 'malformed'],
    ['../root', 'malformed'],
    ['a'.repeat(300), 'malformed'],
    ['nobody', 'unknown-user'],
    ['root:staff', 'unknown-group'],
    ['out-of-range', 'unknown-user'],
  ])('refuses %j: %s', (spec, reason) => {
    expect(resolveImageUser(spec, files)).toEqual({ ok: false, reason });
  });

  it('never takes a broken line for root', () => {
    const broken: AccountFiles = {
      passwd: 'app:x:::\nbad:x:abc:0:::\nneg:x:-1:0:::\nshort\n#root2:x:0:77::/x:\nroot:x:0:0::/root:\n',
      group: 'wheel:x:zero:root\nwheel\n',
    };
    for (const name of ['app', 'bad', 'neg', 'short']) {
      expect(resolveImageUser(name, broken)).toEqual({ ok: false, reason: 'unknown-user' });
    }
    expect(resolveImageUser('0', broken)).toMatchObject({
      user: { gid: 0, home: '/root', additionalGids: [] },
    });
    expect(resolveImageUser('0:wheel', broken)).toEqual({ ok: false, reason: 'unknown-group' });
  });

  it('holds ids out of the files to the same range', () => {
    const huge: AccountFiles = {
      passwd: 'app:x:4294967295:0::/:\nok:x:1:1::/:\n',
      group: 'big:x:4294967296:ok\n',
    };
    expect(resolveImageUser('app', huge)).toEqual({ ok: false, reason: 'out-of-range' });
    expect(resolveImageUser('ok', huge)).toEqual({ ok: false, reason: 'out-of-range' });
    expect(resolveImageUser('ok:big', huge)).toEqual({ ok: false, reason: 'out-of-range' });
  });

  // safety.md H51.
  it('refuses 100,000 groups of one user, within a second', () => {
    const group = Array.from({ length: 100_000 }, (_, at) => `g${String(at)}:x:${String(at)}:app`).join('\n');
    const time = cpuTimeOf(() => {
      expect(resolveImageUser('app', { passwd: files.passwd, group })).toEqual({
        ok: false,
        reason: 'too-many-groups',
      });
      expect(resolveImageUser('app:g99999', { passwd: files.passwd, group })).toMatchObject({
        user: { gid: 99_999 },
      });
    });
    expect(time).toBeLessThan(1000);
  });

  it('reads a group with 100,000 members', () => {
    const members = Array.from({ length: 100_000 }, (_, at) => `u${String(at)}`).join(',');
    const group = `many:x:50:${members},app`;
    expect(resolveImageUser('app', { passwd: files.passwd, group })).toMatchObject({
      user: { additionalGids: [50] },
    });
  });
});

describe('passwd and group files', () => {
  it('are read in order, without blank lines, comments and broken entries', () => {
    expect(parsePasswd(' root:x:0:0:r:/root:/bin/sh \r\n\n# c\nx\n')).toEqual([
      { name: 'root', uid: 0, gid: 0, comment: 'r', home: '/root', shell: '/bin/sh' },
    ]);
    expect(parseGroup('a:x:1:\nb:x:2:u,v\nc:x\nd:x:0x3:\n')).toEqual([
      { name: 'a', gid: 1, members: [] },
      { name: 'b', gid: 2, members: ['u', 'v'] },
    ]);
  });
});
