/** The keys of a `deb` layer that no other layer has. */
import * as v from 'valibot';
import { debEffects } from '../recipe.ts';
import { boolean, text, textList, textOrList } from './value-shape.ts';

const suite = v.optional(
  v.pipe(
    textOrList,
    v.description(
      'Suite or suites of the archive, such as bookworm. Of the machine’s own apt sources a suite is taken with its updates and its security fixes.',
    ),
  ),
);
const components = v.optional(
  v.pipe(textList, v.minLength(1), v.description('Components of the archive; main where left out.')),
);
const keyring = v.optional(
  v.pipe(
    text,
    v.description(
      'A file of the context with the public keys that sign the archive; the machine’s own Debian keyrings where left out.',
    ),
  ),
);

const debMirror = v.pipe(
  v.strictObject({
    url: v.pipe(text, v.description('Where the archive is; `@SNAPSHOTID@` in it stands for `snapshot`.')),
    suite: suite,
    components,
    keyring,
  }),
  v.title('archive'),
);

/** The kind's own key comes first. */
export const debKeys = {
  deb: v.pipe(
    textList,
    v.minLength(1),
    v.description('Debian packages, with all that they depend on; NAME=VERSION asks for that version.'),
  ),
  suite,
  components,
  mirror: v.optional(
    v.pipe(
      v.union([text, v.pipe(v.array(debMirror), v.minLength(1))]),
      v.description(
        'Where the archive is, or several archives, each with its own suites, components and keyring; the machine’s own apt sources where left out.',
      ),
    ),
  ),
  snapshot: v.optional(
    v.pipe(
      text,
      v.description(
        'The archive as it was at a time: 20260101T000000Z. How old its index is then does not matter.',
      ),
    ),
  ),
  keyring,
  recommends: v.optional(v.pipe(boolean, v.description('`true`: what packages recommend is taken as well.'))),
  effects: v.optional(
    v.pipe(
      v.array(v.picklist(debEffects)),
      v.description(
        'Which steps stand in for maintainer scripts, which are never run: sysusers, ldconfig, alternatives, ca-certificates; all where left out, none with [].',
      ),
    ),
  ),
};
