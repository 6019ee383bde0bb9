/** The shapes of `users:` and `groups:`: accounts that an image adds to those of its base. */
import * as v from 'valibot';
import { boolean, text, textList } from './value-shape.ts';

/** moby/sys user.go and runc take no greater id. */
const id = v.pipe(
  v.number(),
  v.integer('a whole number'),
  v.minValue(0, 'a number from 0'),
  v.maxValue(2_147_483_647, 'a number up to 2147483647'),
);

const system = (words: string) => v.optional(v.pipe(boolean, v.description(words)));

const user = v.pipe(
  v.strictObject({
    uid: v.optional(
      v.pipe(id, v.description('Its number; from 10000 to 59999 by its name where it is left out.')),
    ),
    gid: v.optional(v.pipe(id, v.description('Its group by number; the same as `uid` where left out.'))),
    group: v.optional(
      v.pipe(text, v.description('Its group by name; a group of its own name where left out.')),
    ),
    groups: v.optional(v.pipe(textList, v.description('Further groups that it is a member of.'))),
    home: v.optional(
      v.pipe(text, v.description('Its home folder, made where it is not there; /home/NAME where left out.')),
    ),
    shell: v.optional(v.pipe(text, v.description('Its shell; /bin/sh where it is left out.'))),
    comment: v.optional(v.pipe(text, v.description('What /etc/passwd says of it, such as a full name.'))),
    system: system(
      '`true`: an account that nobody logs in to, without a home folder and with nologin where they are left out.',
    ),
  }),
  v.title('user'),
);

const group = v.pipe(
  v.strictObject({
    gid: v.optional(
      v.pipe(id, v.description('Its number; from 10000 to 59999 by its name where it is left out.')),
    ),
  }),
  v.title('group'),
);

export const users = v.pipe(
  v.record(v.string(), user),
  v.description('Users by name, added to those of the base in a small layer below the others.'),
);

export const groups = v.pipe(
  v.record(v.string(), group),
  v.description('Groups by name, added to those of the base in the same layer.'),
);
