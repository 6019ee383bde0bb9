/**
 * The closure of Debian packages is apt's own: the same packages in the same versions as apt would install into an empty
 * root, on the real indexes of the mirror that this machine's apt reads, for a native and a foreign architecture.
 * `npm run campaign:deb` asks for many more.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { resolvePackages } from '../../src/core/deb/resolve-packages.ts';
import type { PackageSource } from '../../src/core/deb/universe.ts';
import { type Asked, prepareApt } from '../rigs/apt-oracle.ts';

const apt = prepareApt(['amd64', 'arm64']);
const sources = new Map<string, PackageSource[]>();
afterAll(() => apt?.remove());

function ours(names: string, { architecture, recommends }: Asked): string[] | undefined {
  const known = sources.get(architecture) ?? apt?.sources(architecture) ?? [];
  sources.set(architecture, known);
  const wanted = names.split(' ').map((name) => ({ name }));
  const found = resolvePackages({ sources: known, wanted, architecture, recommends });
  return found.ok ? found.packages.map(({ record }) => `${record.name} ${record.version}`).sort() : undefined;
}

const sets = [
  'ca-certificates tzdata libssl3 libstdc++6 tini busybox-static',
  'curl nodejs python3-minimal',
  'bash coreutils dpkg apt systemd dbus',
  'default-mysql-server nginx postgresql',
  'mutt bsd-mailx php lighttpd',
  'xfce4',
];
const cases = [
  ...sets.map((names) => ({ names, architecture: 'amd64', recommends: false })),
  ...sets.slice(0, 2).map((names) => ({ names, architecture: 'arm64', recommends: false })),
  { names: 'git mutt nginx', architecture: 'amd64', recommends: true },
  { names: 'httpd', architecture: 'amd64', recommends: false },
];

describe.skipIf(apt === undefined)('closures of Debian packages (apt and its mirror)', () => {
  it.each(cases)(
    '$names for $architecture, recommends $recommends',
    ({ names, architecture, recommends }) => {
      const judged = apt?.closure(names.split(' '), { architecture, recommends });
      expect(ours(names, { architecture, recommends })).toEqual(judged);
    },
  );
});
