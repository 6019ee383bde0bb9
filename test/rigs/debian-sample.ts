/**
 * The packages of the small archive: every compression of data.tar, the relations that a closure must know, and files of
 * every kind that a package may hold. Small enough to be built in a second.
 */
import {
  buildPackages,
  type BuiltPackage,
  type DataCompression,
  type PackageSpec,
} from './debian-package.ts';

const architectures = ['amd64', 'arm64'] as const;

/** For each processor, with a file that says which. */
function native(spec: Omit<PackageSpec, 'architecture'>): PackageSpec[] {
  return architectures.map((architecture) => ({
    ...spec,
    architecture,
    files: { ...spec.files, [`usr/share/doc/${spec.name}/arch`]: `${architecture}\n` },
  }));
}

/** One package for each compression of data.tar. */
function packed(compression: DataCompression): PackageSpec {
  return {
    name: `packed-${compression}`,
    version: '1.0',
    architecture: 'all',
    compression,
    files: { [`usr/share/packed/${compression}`]: `${compression} ${'.'.repeat(5000)}\n` },
  };
}

export const compressions: readonly DataCompression[] = ['xz', 'zstd', 'gzip', 'none', 'bzip2'];

const greeter: Omit<PackageSpec, 'architecture'> = {
  name: 'greeter',
  version: '1:2.0-1',
  fields: {
    'Pre-Depends': 'greeter-base',
    Depends:
      'libgreet1 (>= 1.1~rc1), greeter-data (= 1:2.0-1), mail-agent | other-mail, nothing-here | greeter-extra',
    Recommends: 'greeter-doc',
  },
  files: {
    'usr/bin/greeter': { content: '#!/bin/sh\necho hello\n', mode: 0o755 },
    'usr/bin/greet': { link: 'greeter' },
    'usr/lib/greeter/helper': { content: '#!/bin/sh\nid\n', mode: 0o4755 },
    'usr/lib/greeter/same': { hardLink: 'usr/lib/greeter/helper' },
    'usr/share/greeter/été.txt': 'a name beyond ASCII\n',
    'var/mail/greeter': { folder: 0o2775 },
    'etc/greeter.conf': 'greeting = hello\n',
  },
  control: {
    conffiles: '/etc/greeter.conf\n',
    postinst: '#!/bin/sh\nset -e\necho this must never run > /greeter-postinst-ran\n',
  },
};

const parts: readonly PackageSpec[] = [
  ...native({ name: 'greeter-base', version: '1.0', files: { 'lib/greeter/base': 'in /lib, as of old\n' } }),
  ...native({
    name: 'greeter-extra',
    version: '3.0',
    files: { 'bin/greeter-extra': 'in /bin, as of old\n' },
  }),
  {
    name: 'greeter-data',
    version: '1:2.0-1',
    architecture: 'all',
    files: { 'usr/share/greeter/words': 'hello\n', 'usr/share/greeter/empty': '' },
    compression: 'gzip',
  },
  {
    name: 'greeter-doc',
    version: '1:2.0-1',
    architecture: 'all',
    files: { 'usr/share/doc/greeter/manual': 'Say.\n' },
  },
  {
    name: 'small-mail',
    version: '1.0',
    architecture: 'all',
    fields: { Provides: 'mail-agent' },
    files: {
      'usr/lib/sysusers.d/small-mail.conf': 'u smallmail - "Small Mail" /var/spool/small-mail\n',
      'var/spool/small-mail': { folder: 0o750 },
    },
    compression: 'zstd',
  },
  // What cannot be installed, and what cannot be installed together.
  {
    name: 'greeter-broken',
    version: '1.0',
    architecture: 'all',
    fields: { Depends: 'greeter (>= 2:9), libgreet1' },
  },
  { name: 'clashing', version: '1.0', architecture: 'all', files: { 'usr/share/greeter/words': 'bye\n' } },
  {
    name: 'replacing',
    version: '1.0',
    architecture: 'all',
    fields: { Replaces: 'greeter-data', Depends: 'greeter-data' },
    files: { 'usr/share/greeter/words': 'bye\n' },
  },
  { name: 'unfriendly', version: '1.0', architecture: 'all', fields: { Conflicts: 'greeter' } },
  ...compressions.map(packed),
];

function library(version: string): PackageSpec[] {
  const file = `usr/lib/libgreet.so.1.${version.slice(2, 3)}`;
  return native({
    name: 'libgreet1',
    version,
    fields: { 'Multi-Arch': 'same' },
    files: { [file]: `no ELF, version ${version}\n` },
  });
}

export interface SamplePackages {
  /** What `main` of the stable suite holds. */
  readonly main: readonly BuiltPackage[];
  /** What came later: one library, for a suite of updates. */
  readonly updates: readonly BuiltPackage[];
}

/** `greeter` asks for all of its kind: greeter-base, libgreet1, greeter-data, small-mail, greeter-extra. */
export function samplePackages(): SamplePackages {
  const main = [...native(greeter), ...library('1.1-1'), ...parts];
  const built = buildPackages([...main, ...library('1.2-1')]);
  return { main: built.slice(0, main.length), updates: built.slice(main.length) };
}
