import { describe, expect, it } from 'vitest';
import {
  addAccounts,
  type AskedAccounts,
  type ReportAccount,
} from '../../../src/core/plan/added-accounts.ts';
import { chosenId } from '../../../src/core/plan/chosen-id.ts';
import type { GroupRecipe, UserRecipe } from '../../../src/core/recipe/recipe.ts';
import type { AccountTexts } from '../../../src/core/tree/account-texts.ts';

const user = (more: Partial<UserRecipe> = {}): UserRecipe => ({ groups: [], system: false, ...more });

function asking(
  users: Readonly<Record<string, UserRecipe>>,
  groups: Readonly<Record<string, GroupRecipe>> = {},
): AskedAccounts {
  return { users, groups };
}

function added(known: AccountTexts, asked: AskedAccounts) {
  const problems: string[] = [];
  const say: ReportAccount = (path, { message, help }) => {
    problems.push(`${path.join('/')}: ${message} (${help ?? ''})`);
  };
  const made = addAccounts(known, asked, say);
  for (const { path, problem } of made.unjoined) say(path, problem);
  return { ...made, problems };
}

const base: AccountTexts = {
  passwd: '# ours\nroot:x:0:0:root:/root:/bin/bash\nnode:x:1000:1000::/home/node:/bin/bash',
  group: 'root:x:0:\naudio:x:29:node\nnode:x:1000:\n\n',
  shadow: 'root:*:19000:0:99999:7:::\n',
};

describe('users of the recipe', () => {
  it('are lines below those of the image, which stay as they are', () => {
    const { texts, homes, problems } = added(base, asking({ app: user({ uid: 10001, home: '/app' }) }));
    expect(problems).toEqual([]);
    expect(texts).toEqual({
      passwd: `${base.passwd ?? ''}\napp:x:10001:10001::/app:/bin/sh\n`,
      group: `${base.group ?? ''}app:x:10001:\n`,
      shadow: `${base.shadow ?? ''}app:!:::::::\n`,
    });
    expect(homes).toEqual([{ user: 'app', path: '/app', uid: 10001, gid: 10001 }]);
  });

  it('come with root where the image has no accounts at all', () => {
    expect(added({}, asking({ app: user({ uid: 10001 }) })).texts).toEqual({
      passwd: 'root:x:0:0:root:/root:/bin/sh\napp:x:10001:10001::/home/app:/bin/sh\n',
      group: 'root:x:0:\napp:x:10001:\n',
      shadow: 'root:!:::::::\napp:!:::::::\n',
    });
    const own = added({}, asking({ root: user({ uid: 0, home: '/' }) }));
    expect(own.problems).toEqual([]);
    expect(own.texts.passwd).toBe('root:x:0:0::/:/bin/sh\n');
  });

  it('called root have its number and its home', () => {
    const { texts, problems } = added({}, asking({ root: user(), app: user({ uid: 5, groups: ['root'] }) }));
    expect(problems).toEqual([]);
    expect(texts.passwd).toBe('root:x:0:0::/root:/bin/sh\napp:x:5:5::/home/app:/bin/sh\n');
    expect(texts.group).toBe('root:x:0:app\napp:x:5:\n');
  });

  it('become members of a group whose line has no members, or blanks about it', () => {
    const group = ' wheel:x:10\naudio:x:29:node \n';
    const asked = asking({ app: user({ uid: 5, groups: ['wheel', 'audio'] }) });
    expect(added({ ...base, group }, asked).texts.group).toBe(
      'wheel:x:10:app\naudio:x:29:node,app\napp:x:5:\n',
    );
  });

  it('are no news where the image has them as the recipe says', () => {
    const { texts, homes, settled, problems } = added(base, asking({ node: user({ uid: 1000 }) }));
    expect({ texts, homes, problems }).toEqual({ texts: {}, homes: [], problems: [] });
    expect(settled.users['node']).toEqual(user({ uid: 1000, gid: 1000 }));
  });

  it('may say a home folder for a user that the image has, which is made where it is missing', () => {
    const { homes } = added(base, asking({ node: user({ home: '/home/node' }) }));
    expect(homes).toEqual([{ user: 'node', path: '/home/node', uid: 1000, gid: 1000 }]);
  });

  it('get a number from their name, whatever else there is', () => {
    const free = chosenId('app', () => false);
    expect(free).toBe(15_836);
    expect(added(base, asking({ app: user() })).texts.passwd).toContain(
      `app:x:${String(free)}:${String(free)}:`,
    );
    const taken = { ...base, group: `x:x:${String(free)}:\n` };
    expect(added(taken, asking({ app: user() })).texts.passwd).toContain(`app:x:${String(free + 1)}:`);
    const both = added(base, asking({ app: user() }, { app: {} }));
    expect(both.texts.passwd).toContain(`app:x:${String(free)}:${String(free)}:`);
  });

  it('that nobody logs in to have no home and no shell', () => {
    const { texts, homes } = added(base, asking({ job: user({ uid: 900, system: true }) }));
    expect(texts.passwd).toContain('job:x:900:900::/nonexistent:/usr/sbin/nologin\n');
    expect(homes).toEqual([]);
  });

  it('have the groups that they name, and change only the lines of those', () => {
    const { texts, problems } = added(
      { ...base, gshadow: 'audio:*::node\n' },
      asking(
        {
          app: user({ uid: 10001, gid: 50, groups: ['audio', 'ops'] }),
          bob: user({ uid: 10002, group: 'ops' }),
        },
        { ops: { gid: 50 } },
      ),
    );
    expect(problems).toEqual([]);
    expect(texts.group).toBe('root:x:0:\naudio:x:29:node,app\nnode:x:1000:\n\nops:x:50:app\n');
    expect(texts.gshadow).toBe('audio:*::node,app\nops:!::app\n');
    expect(texts.passwd).toContain('app:x:10001:50:');
    expect(texts.passwd).toContain('bob:x:10002:50:');
  });

  it('keep the numbers that were chosen when they are added again to other accounts', () => {
    const { settled } = added(base, asking({ app: user() }, { ops: {} }));
    const again = added({ passwd: 'root:x:0:0:::\n', group: 'root:x:0:\n' }, settled);
    expect(again.settled).toEqual(settled);
    expect(again.texts.passwd).toContain('app:x:15836:15836:');
  });
});

describe('a clash', () => {
  it.each([
    [
      'of a number',
      asking({ app: user({ uid: 1000, gid: 7 }) }),
      [
        'users/app/uid: uid 1000 is that of the user `node` already (use `node` itself, or another number such as 10000)',
      ],
    ],
    [
      'of a group’s number',
      asking({ app: user({ uid: 29 }) }),
      [
        'users/app/gid: gid 29 is that of the group `audio` already (use `audio` itself, or another number such as 10000)',
      ],
    ],
    [
      'of a user’s fields',
      asking({ node: user({ uid: 1001, home: '/n', group: 'audio' }) }),
      [
        'users/node/uid: the image has a user `node` already, whose uid is `1000` (leave out `uid` to take the user as it is, or choose another name)',
        'users/node/group: the image has a user `node` already, whose gid is `1000` (leave out `group` to take the user as it is, or choose another name)',
        'users/node/home: the image has a user `node` already, whose home is `/home/node` (leave out `home` to take the user as it is, or choose another name)',
      ],
    ],
    [
      'of a group',
      asking({ audio: user({ uid: 5 }) }, { node: { gid: 5 } }),
      [
        'groups/node/gid: the image has a group `node` already, with gid 1000 (write `gid: 1000` to take the group as it is, or choose another name)',
        'users/audio/gid: the image has a group `audio` already, with gid 29 (write `gid: 29` to take the group as it is, or choose another name)',
      ],
    ],
    [
      'within the recipe',
      asking({ a: user({ uid: 5 }), b: user({ uid: 5, gid: 6 }) }),
      [
        'users/b/uid: uid 5 is that of the user `a` already (use `a` itself, or another number such as 10000)',
      ],
    ],
    [
      'with a group that is nowhere',
      asking({ app: user({ uid: 5, group: 'x', groups: ['y'] }), bob: user({ uid: 6, groups: ['z'] }) }),
      [
        'users/app/group: `x` is not in the image’s /etc/group (add it to `groups`: `groups: { x: {} }`)',
        'users/bob/groups/0: `z` is not in the image’s /etc/group (add it to `groups`: `groups: { z: {} }`)',
      ],
    ],
    [
      'of a user that is there with such a group',
      asking({ node: user({ group: 'x' }) }),
      ['users/node/group: `x` is not in the image’s /etc/group (add it to `groups`: `groups: { x: {} }`)'],
    ],
  ])('%s is told with its place and the way out', (_, asked, expected) => {
    expect(added(base, asked).problems).toEqual(expected);
  });
});
