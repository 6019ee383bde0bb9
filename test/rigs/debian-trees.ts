/** Debian packages as Debian's own tools unpack them, for comparison with ours. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DebianMirror, release } from '../../scripts/debian-mirror.mjs';
import { runProgram } from './run-program.ts';
import { type ListedNode, listTree } from './tree-listing.ts';

export interface Wanted {
  readonly names: readonly string[];
  readonly architecture: 'amd64' | 'arm64';
}

export const hasMmdebstrap = spawnSync('mmdebstrap', ['--version'], { stdio: 'ignore' }).error === undefined;

/** Folders that a merged /usr has as links: what base-files of Debian 13 has. */
export const mergedLinks: Readonly<Record<Wanted['architecture'], readonly string[]>> = {
  amd64: ['bin', 'lib', 'lib64', 'sbin'],
  arm64: ['bin', 'lib', 'sbin'],
};

/** The root of `mmdebstrap --variant=extract` in the folder, with a merged /usr. */
export async function unpackByMmdebstrap(
  wanted: Wanted,
  mirror: DebianMirror,
  folder: string,
): Promise<void> {
  const { names, architecture } = wanted;
  const links = mergedLinks[architecture].join(' ');
  const hook = `for name in ${links}; do mkdir -p "$1/usr/$name"; ln -s "usr/$name" "$1/$name"; done`;
  writeFileSync(`${folder}.list`, mirror.sources);
  const options = ['--variant=extract', '--quiet', `--architectures=${architecture}`, `--setup-hook=${hook}`];
  const argv = [...options, `--include=${names.join(',')}`, release, `${folder}.tar`, `${folder}.list`];
  const { status, stderr } = await runProgram('mmdebstrap', argv, { cwd: '/', env: { LC_ALL: 'C.UTF-8' } });
  if (status !== 0) throw new Error(`mmdebstrap ended with ${String(status)}:\n${stderr}`);
  unpackTar(`${folder}.tar`, folder);
}

/** All that the archive holds, as root: owners, modes, times and all. */
export function unpackTar(archive: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const argv = ['--numeric-owner', '--same-permissions', '--same-owner', '--keep-directory-symlink'];
  execFileSync('tar', [...argv, '--xattrs', '-xf', archive, '-C', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** What each package holds, by its name: `dpkg-deb -x`, with paths as a merged /usr has them. */
export function unpackByDpkgDeb(debs: string, folder: string): Map<string, ReadonlyMap<string, ListedNode>> {
  mkdirSync(folder, { recursive: true });
  const packages = new Map<string, ReadonlyMap<string, ListedNode>>();
  for (const file of readdirSync(debs).filter((name) => name.endsWith('.deb'))) {
    const name = file.split('_')[0] ?? '';
    execFileSync('dpkg-deb', ['-x', join(debs, file), join(folder, name)]);
    packages.set(name, mergedTree(listTree(join(folder, name))));
  }
  return packages;
}

/** Seconds, by path, of the folders that an archive or a package names; tar, when it unpacks, sets some of them anew. */
export function folderTimes(archive: string): ReadonlyMap<string, number> {
  const read = archive.endsWith('.deb') ? 'dpkg-deb --fsys-tarfile "$0"' : 'gzip -dc <"$0"';
  const script = `${read} | TZ=UTC tar -tv --full-time --quoting-style=literal`;
  const listing = execFileSync('sh', ['-c', script, archive], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const lines = listing.matchAll(/^d\S+ \S+ +0 (\S+) (\S+) (?:[.][/])?(.*)$/gm);
  return new Map(
    [...lines].map(([, date = '', time = '', path = '']) => [
      merged(path.replace(/[/]$/, '')),
      Date.parse(`${date}T${time}Z`) / 1000,
    ]),
  );
}

function mergedTree(nodes: ReadonlyMap<string, ListedNode>): ReadonlyMap<string, ListedNode> {
  return new Map(
    [...nodes].map(([path, node]) => {
      const { sameAs } = node;
      return [merged(path), sameAs === undefined ? node : { ...node, sameAs: merged(sameAs) }];
    }),
  );
}

function merged(path: string): string {
  return /^(?:bin|lib\w*|sbin)(?:[/]|$)/.test(path) ? `usr/${path}` : path;
}
