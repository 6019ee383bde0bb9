/**
 * What update-alternatives(1) does for literal `--install` calls of postinst scripts: of each name the alternative with
 * the highest priority, as links through etc/alternatives, with its slaves where their files are there.
 */
import { writtenFolder, writtenLink, type WrittenEntry } from '../written-file.ts';
import type { PackageRoot } from './package-root.ts';
import { literalCalls } from './shell-calls.ts';

interface Link {
  readonly link: string;
  readonly name: string;
  readonly path: string;
}

interface Alternative extends Link {
  readonly priority: number;
  readonly slaves: readonly Link[];
}

/** `scripts` are the postinst scripts in the order of their packages' names. */
export function chooseAlternatives(root: PackageRoot, scripts: readonly string[]): WrittenEntry[] {
  const best = new Map<string, Alternative>();
  for (const words of scripts.flatMap((script) => literalCalls(script, 'update-alternatives'))) {
    const found = readInstall(words);
    if (found === undefined || root.at(found.path) === undefined) continue;
    const other = best.get(found.name);
    if (other === undefined || found.priority > other.priority) best.set(found.name, found);
  }
  const links = [...best.values()].flatMap((one) => [one, ...one.slaves.filter(({ path }) => root.at(path))]);
  const written = links.flatMap((link) => linksOf(root, link));
  return written.length === 0 ? [] : [writtenFolder('etc/alternatives'), ...written];
}

/** `--install LINK NAME PATH PRIORITY [--slave LINK NAME PATH]…`, as they stand in scripts, with other options before. */
export function readInstall(words: readonly string[]): Alternative | undefined {
  const at = words.indexOf('--install');
  const [link, name, path, priority, ...rest] = words.slice(at + 1);
  if (at < 0 || link === undefined || name === undefined || path === undefined) return undefined;
  if (!/^-?[0-9]{1,9}$/.test(priority ?? '')) return undefined;
  return { link, name, path, priority: Number(priority), slaves: readSlaves(rest) };
}

function readSlaves(words: readonly string[]): Link[] {
  return words.flatMap((word, at) => {
    const [link, name, path] = words.slice(at + 1);
    if (word !== '--slave' || link === undefined || name === undefined || path === undefined) return [];
    return [{ link, name, path }];
  });
}

/** A file that stands where the link must be stays: update-alternatives would not take it away either. */
function linksOf(root: PackageRoot, { link, name, path }: Link): WrittenEntry[] {
  if (name.includes('/') || root.has(link)) return [];
  return [
    writtenLink(root.place(link), `/etc/alternatives/${name}`),
    writtenLink(`etc/alternatives/${name}`, path),
  ];
}
