/**
 * Hostile layers: every way known to us of planting something that leads out of the tree, with every way of going
 * through it, and single cases by the numbers of safety.md (H01 to H46). Each is a list of tar entries; the last entry is
 * the blow, so that a case can be split over two layers before it.
 */
import type { RawEntry } from '../rigs/raw-tar.ts';

export interface HostileCase {
  readonly name: string;
  readonly entries: readonly RawEntry[];
  /** Where it stands: refused in any case, fine in any case, or either. */
  readonly expect: 'refused' | 'unpacked' | 'either';
}

/** Folders of the world outside, absolute. */
export interface Surroundings {
  /** Holds `secret`; the tree is made beside it. */
  readonly out: string;
}

export function hostileCases(surroundings: Surroundings): HostileCase[] {
  return [
    ...crossCases(surroundings),
    ...linkedFileCases(surroundings),
    ...nameCases(surroundings),
    ...singleCases(surroundings),
  ];
}

const link = (name: string, target: string): RawEntry => ({ name, type: '2', link: target, mode: 0o777 });
const folder = (name: string, mode = 0o755): RawEntry => ({ name, type: '5', mode });
const file = (name: string, content = 'pwned'): RawEntry => ({ name, content });
const hard = (name: string, target: string): RawEntry => ({ name, type: '1', link: target });

/** Ways of making `d` lead to the folder outside. */
function bridges({ out }: Surroundings): Readonly<Record<string, readonly RawEntry[]>> {
  return {
    'absolute link': [link('d', out)],
    'relative link': [link('d', '../out')],
    'relative link, one deeper': [link('d', '../../out')],
    'relative link, far up': [link('d', `../../../../../../../../../../..${out}`)],
    'chain of links': [link('b', out), link('d', 'b')],
    'chain in folders': [folder('x'), link('x/y', '../../out'), link('d', 'x/y')],
    'link in steps up': [link('up', '..'), link('d', 'up/out')],
    'link in two steps up': [link('up', '..'), link('upup', 'up/..'), link('d', 'upup/out')],
    'folder that becomes a link': [folder('d'), file('d/x', 'x'), link('d', out)],
    'link that ends in slashes': [link('d', `${out}//`)],
    'link by dots': [link('d', `../././/../${out}/.`)],
    'link through proc': [link('d', `/proc/self/root${out}`)],
    'hardlink to a link': [link('l', out), hard('d', 'l')],
    'link by another prefix': [link('d', '../tree-evil')],
  };
}

/** Ways of going through `d`. */
const blows: Readonly<Record<string, RawEntry>> = {
  'a file': file('d/pwned'),
  'a file over the secret': file('d/secret'),
  'a file in new folders': file('d/a/b/pwned'),
  'a folder': folder('d/pwned'),
  'a folder over the secret': folder('d/secret'),
  'a link': link('d/pwned', 'secret'),
  'a fifo': { name: 'd/pwned', type: '6' },
  'a device': { name: 'd/pwned', type: '3', major: 1, minor: 3 },
  'a whiteout': file('d/.wh.secret', ''),
  'an opaque whiteout': file('d/.wh..wh..opq', ''),
  'a hardlink out of it': hard('stolen', 'd/secret'),
  'a hardlink into it': hard('d/pwned', 'd/secret'),
  'a file with attributes': { ...file('d/secret'), pax: { 'SCHILY.xattr.user.pwned': 'yes' } },
};

function crossCases(surroundings: Surroundings): HostileCase[] {
  return Object.entries(bridges(surroundings)).flatMap(([bridge, planted]) =>
    Object.entries(blows).map(([blow, entry]) => ({
      name: `${blow} through ${bridge}`,
      entries: [...planted, entry],
      expect: 'either' as const,
    })),
  );
}

/** A link to a file outside, and entries of its own name or through it. */
function linkedFileCases({ out }: Surroundings): HostileCase[] {
  const targets = { absolute: `${out}/secret`, relative: '../out/secret', 'one deeper': '../../out/secret' };
  const entries = {
    'file over a link': file('l'),
    'folder over a link': folder('l', 0o777),
    'fifo over a link': { name: 'l', type: '6' },
    'device over a link': { name: 'l', type: '4', major: 7, minor: 0 },
    'mode through a hardlink to a link': { ...hard('h', 'l'), mode: 0o777, uid: 1, mtime: 1 },
    'file below a link to a file': file('l/x'),
    'hardlink over a link': hard('l', 'own'),
    'whiteout of a link': file('.wh.l', ''),
  } satisfies Record<string, RawEntry>;
  return Object.entries(targets).flatMap(([kind, target]) =>
    Object.entries(entries).map(([name, entry]) => ({
      name: `${name}, ${kind}`,
      entries: [file('own', 'own'), link('l', target), entry],
      expect: 'either' as const,
    })),
  );
}

/** Names that say `..` in every way a tar can say a name (H02 to H04). */
function nameCases({ out }: Surroundings): HostileCase[] {
  const names = [
    '../pwned',
    'a/../../pwned',
    '..',
    './../pwned',
    '/../pwned',
    'a/..',
    '../out/secret',
    `../../..${out}/pwned`,
  ];
  const ways: Readonly<Record<string, (name: string) => RawEntry>> = {
    name: (name) => file(name),
    folder: (name) => folder(`${name}/`),
    'symbolic link': (name) => link(name, 'x'),
    fifo: (name) => ({ name, type: '6' }),
    'ustar prefix': (name) => ({ ...file('pwned'), prefix: name }),
    'PAX path': (name) => ({ ...file('harmless'), pax: { path: name } }),
    'global PAX path': (name) => ({ ...file('harmless'), globalPax: { path: name } }),
    'GNU long name': (name) => ({ ...file('harmless'), gnuLongName: name }),
    'hardlink target': (name) => hard('h', name),
    'PAX hardlink target': (name) => ({ ...hard('h', 'x'), pax: { linkpath: name } }),
  };
  return Object.entries(ways).flatMap(([way, entry]) =>
    names.map((name) => ({ name: `${way} ${name}`, entries: [entry(name)], expect: 'refused' as const })),
  );
}

function singleCases({ out }: Surroundings): HostileCase[] {
  const refused = (name: string, ...entries: RawEntry[]): HostileCase => ({
    name,
    entries,
    expect: 'refused',
  });
  const unpacked = (name: string, ...entries: RawEntry[]): HostileCase => ({
    name,
    entries,
    expect: 'unpacked',
  });
  const either = (name: string, ...entries: RawEntry[]): HostileCase => ({ name, entries, expect: 'either' });
  return [
    ...['.', '/', './', './.', '//'].map((root) =>
      refused(`H01 the root ${root} as a link`, link(root, out)),
    ),
    ...['.', '/', './'].map((root) => refused(`H01 the root ${root} as a fifo`, { name: root, type: '6' })),
    unpacked('H02 an absolute name', file(`${out}/pwned`)),
    unpacked('H02 an absolute name over the secret', file(`${out}/secret`)),
    unpacked('H07 an absolute link stays as it is', link('l', `${out}/secret`)),
    unpacked('H09 usr-merge', folder('usr'), folder('usr/bin'), link('bin', 'usr/bin'), file('bin/tool')),
    unpacked('H09 usr-merge, absolute', folder('usr/bin'), link('bin', '/usr/bin'), file('bin/tool')),
    refused('H10 hardlink to an absolute path outside', hard('h', `${out}/secret`)),
    refused('H10 hardlink through a linked folder', link('d', out), hard('h', 'd/secret')),
    refused('H11 hardlink to a file of the working folder', hard('h', 'victim')),
    refused('H11 hardlink to ./victim', hard('h', './victim')),
    refused('H13 hardlink to itself', hard('h', 'h')),
    refused('H13 hardlink forward', hard('h', 'later'), file('later')),
    refused('H13 hardlink to a folder', folder('d'), hard('h', 'd')),
    refused('H13 hardlink to the root', hard('h', '.')),
    refused('H13 hardlink to what it replaces', file('f'), hard('f/x', 'f')),
    either(
      'H12 hardlink to a link, then a file of that name',
      link('l', `${out}/secret`),
      hard('h', 'l'),
      file('h'),
    ),
    unpacked('H16 a fifo, then a file of that name', { name: 'p', type: '6' }, file('p')),
    unpacked(
      'H16 a device, then a file of that name',
      { name: 'p', type: '3', major: 1, minor: 5 },
      file('p'),
    ),
    ...['.wh.', '.wh..', '.wh...', 'd/.wh.', 'd/.wh..', 'd/.wh...', '.wh.a/b', '.wh..wh..opq/x'].map((name) =>
      refused(`H20 whiteout ${name}`, folder('d'), file('d/kept', ''), file(name, '')),
    ),
    refused('H23 opaque whiteout of a file', file('f'), file('f/.wh..wh..opq', '')),
    unpacked('H23 whiteout of what is not there', file('nowhere/.wh.x', '')),
    unpacked('H24 whiteout as a link', folder('d'), link('d/.wh.x', out)),
    unpacked('H24 whiteout as a folder', folder('d'), folder('d/.wh.x')),
    unpacked('H24 whiteout with content', folder('d'), file('d/.wh.x', 'content')),
    refused('H25 unknown type', { name: 'x', type: 'Z' }),
    refused('H40 sparse file', { name: 'x', type: 'S' }),
    refused('H46 loop of two links', link('a', 'b'), link('b', 'a'), file('a/x')),
    refused('H46 link to itself', link('a', 'a'), file('a/x')),
    refused('H46 link that grows', link('a', 'a/a'), file('a/x')),
    refused(
      'H46 a hundred links',
      ...Array.from({ length: 100 }, (_, at) => link(`l${String(at)}`, `l${String(at + 1)}`)),
      file('l0/x'),
    ),
    unpacked(
      'H46 thirty links',
      ...Array.from({ length: 30 }, (_, at) => link(`l${String(at)}`, `l${String(at + 1)}`)),
      file('l0/x'),
    ),
    refused('H45 a long name', { ...file('x'), gnuLongName: 'n'.repeat(300) }),
    refused('H45 a deep path', { ...file('x'), gnuLongName: 'd/'.repeat(2000) + 'x' }),
    refused('H45 a deep path by links', ...deepByLinks()),
    refused('H33 NUL in a target', { ...link('l', 'x'), pax: { linkpath: 'a\0b' } }),
    refused('an empty target', link('l', '')),
    refused('a target longer than Linux allows', { ...link('l', 'x'), gnuLongLink: 'x/'.repeat(3000) }),
    unpacked('setuid and attributes of the host', {
      ...file('s'),
      mode: 0o6755,
      pax: { 'SCHILY.xattr.security.selinux': 'x', 'SCHILY.xattr.trusted.overlay.opaque': 'y' },
    }),
  ];
}

/** Each link doubles the depth that names can reach. */
function deepByLinks(): RawEntry[] {
  const deep = Array.from({ length: 100 }, () => 'dddddddddd').join('/');
  const entries: RawEntry[] = [
    { ...folder('x'), gnuLongName: deep },
    { ...link('l0', 'x'), gnuLongLink: deep },
  ];
  for (let at = 1; at < 6; at += 1) {
    entries.push({ ...folder('x'), gnuLongName: `l${String(at - 1)}/${deep}` });
    entries.push({ ...link(`l${String(at)}`, 'x'), gnuLongLink: `l${String(at - 1)}/${deep}` });
  }
  return entries;
}
