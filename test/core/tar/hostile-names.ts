/** Tars with hostile names, targets and types of entries. */
import { file, type HostileTar } from './hostile-tar.ts';
import { extended, gnuMagic, member, oldMagic, pax, tar } from './raw-tar.ts';

const kinds: readonly (readonly [string, string])[] = [
  ['file', '0'],
  ['old file', '\0'],
  ['hardlink', '1'],
  ['symlink', '2'],
  ['character device', '3'],
  ['block device', '4'],
  ['folder', '5'],
  ['fifo', '6'],
];

export const hostileNames: readonly HostileTar[] = [
  ...roots(),
  ...escapes(),
  ...absolutes(),
  ...hardlinks(),
  ...others(),
];

function roots(): HostileTar[] {
  return kinds.flatMap(([kind, type]) =>
    ['.', '/', './', './/.', '//'].map((name) => {
      const isFolder = type === '5' || (type === '\0' && name.endsWith('/'));
      const isSlashed = name.endsWith('/') && !isFolder;
      return {
        name: `H01 root ${JSON.stringify(name)} as ${kind}`,
        bytes: tar(member({ name, type, link: 'x' })),
        verdict: isFolder ? 'read' : isSlashed ? 'ambiguous-header' : 'root-not-folder',
      };
    }),
  );
}

function escapes(): HostileTar[] {
  const names = ['..', '../x', 'a/../x', 'a/..', '/../x', './../x', 'a/b/../../../x', '../'];
  const ways: Readonly<Record<string, (name: string) => Uint8Array>> = {
    'ustar name': (name) => tar(member({ name, type: '5' })),
    'ustar prefix': (name) => tar(member({ name: 'x', prefix: name.replace(/\/$/, ''), type: '5' })),
    'pax path': (name) => tar(pax(['path', name]), member({ type: '5' })),
    'GNU long name': (name) => tar(extended('L', `${name}\0`), member({ type: '5', magic: gnuMagic })),
    'hardlink target': (name) => tar(member({ type: '1', link: name })),
    'pax linkpath': (name) => tar(pax(['linkpath', name]), member({ type: '1' })),
    'GNU long link': (name) => tar(extended('K', `${name}\0`), member({ type: '1', magic: gnuMagic })),
  };
  return names.flatMap((name) =>
    Object.entries(ways).map(([way, make]) => ({
      name: `H03 ${JSON.stringify(name)} by ${way}`,
      bytes: make(name),
      verdict: 'path-escapes',
    })),
  );
}

function absolutes(): HostileTar[] {
  return kinds.map(([kind, type]) => ({
    name: `H02 absolute name of a ${kind}`,
    bytes: tar(member({ name: '/etc/x', type, link: 'y' })),
    verdict: 'read',
  }));
}

function hardlinks(): HostileTar[] {
  const link = (name: string, target: string): Uint8Array => tar(member({ name, type: '1', link: target }));
  return [
    { name: 'H13 hardlink to itself', bytes: link('a', 'a'), verdict: 'bad-hardlink' },
    {
      name: 'H13 hardlink to itself, spelt otherwise',
      bytes: link('a/b', './/a/./b'),
      verdict: 'bad-hardlink',
    },
    { name: 'H13 hardlink to the root', bytes: link('a', '/'), verdict: 'bad-hardlink' },
    { name: 'hardlink without a target', bytes: link('a', ''), verdict: 'bad-header' },
    { name: 'symlink without a target', bytes: tar(member({ type: '2', link: '' })), verdict: 'bad-header' },
    {
      name: 'H07 symlink to an absolute path',
      bytes: tar(member({ type: '2', link: '/etc/passwd' })),
      verdict: 'read',
    },
    {
      name: 'H06 symlink out of the image',
      bytes: tar(member({ type: '2', link: '../../x' })),
      verdict: 'read',
    },
    {
      name: 'hardlink with content',
      bytes: tar(member({ type: '1', link: 'b' }, 'content')),
      verdict: 'ambiguous-header',
    },
  ];
}

function others(): HostileTar[] {
  return [
    {
      name: 'H28 names 0xFF and 0xFE',
      bytes: tar(file({ name: Buffer.from([0xff]) }), file({ name: Buffer.from([0xfe]) })),
      verdict: 'read',
    },
    {
      name: 'H20 names of whiteouts are names',
      bytes: tar(file({ name: '.wh.' }), file({ name: '.wh...' }), file({ name: '.wh.a' })),
      verdict: 'read',
    },
    { name: 'an empty name', bytes: tar(file({ name: '' })), verdict: 'bad-header' },
    ...kinds
      .filter(([, type]) => type !== '5' && type !== '\0')
      .map(([kind, type]) => ({
        name: `a ${kind} whose name ends in a slash`,
        bytes: tar(member({ name: 'd/', type, link: 'x' })),
        verdict: 'ambiguous-header',
      })),
    ...kinds
      .filter(([, type]) => !['0', '\0', '1'].includes(type))
      .map(([kind, type]) => ({
        name: `a ${kind} with content`,
        bytes: tar(member({ name: 'd', type, link: 'x' }, 'content')),
        verdict: 'ambiguous-header',
      })),
    {
      name: 'an old folder',
      bytes: tar(member({ name: 'd/', type: '\0', magic: oldMagic })),
      verdict: 'read',
    },
    {
      name: 'an old folder with content',
      bytes: tar(member({ name: 'd/', type: '\0' }, 'x')),
      verdict: 'ambiguous-header',
    },
    { name: 'H26 one name twice', bytes: tar(file({}, 'a'), file({}, 'b')), verdict: 'read' },
  ];
}
