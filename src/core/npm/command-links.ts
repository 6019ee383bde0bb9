/**
 * The commands of packages: `bin` as npm reads it, and the links that npm makes for them in each `node_modules/.bin`.
 * Of several packages with one command the first in npm's order has it.
 */
import { cleanParts } from '../tree/clean-parts.ts';
import { comparePaths } from '../tree/image-path.ts';
import type { InstalledPackage } from './place-packages.ts';
import { mapOf } from './read-json.ts';

export interface PackageCommand {
  readonly name: string;
  /** Relative to the package. */
  readonly file: string;
}

/** npm-normalize-package-bin: no name and no file leads out of its folder. `own` is the package's own name. */
export function commandsOf(bin: unknown, own: string): PackageCommand[] {
  const written =
    typeof bin === 'string'
      ? [[own, bin] as const]
      : Array.isArray(bin)
        ? bin.map((file: unknown) => [String(file), file] as const)
        : Object.entries(mapOf(bin) ?? {});
  const commands = new Map<string, string>();
  for (const [key, file] of written) {
    const name = cleanParts(key.replaceAll(/[\\:]/g, '/')).at(-1);
    const path = typeof file === 'string' ? cleanParts(file.replaceAll('\\', '/')).join('/') : '';
    if (name !== undefined && path !== '') commands.set(name, path);
  }
  return [...commands].map(([name, file]) => ({ name, file }));
}

export interface PackageWithCommands extends Pick<InstalledPackage, 'place'> {
  /** Whether a link stood for it, as for a workspace; npm sees to these last. */
  readonly isLocal: boolean;
  readonly commands: readonly PackageCommand[];
}

export interface CommandLink {
  /** Place of the package. */
  readonly of: string;
  /** `node_modules/.bin/tool` */
  readonly path: string;
  /** Relative to the link's folder: `../a/cli.js`. */
  readonly target: string;
  /** `node_modules/a/cli.js` */
  readonly file: string;
}

/** `has` says whether a path is there: npm makes no link to a file that is not. */
export function commandLinks(
  packages: readonly PackageWithCommands[],
  has: (path: string) => boolean,
): CommandLink[] {
  const links = new Map<string, CommandLink>();
  for (const { place, commands } of [...packages].sort(byTurn)) {
    const modules = place.slice(0, place.lastIndexOf('node_modules/') + 'node_modules'.length);
    for (const { name, file } of commands) {
      const path = `${modules}/.bin/${name}`;
      if (links.has(path)) continue;
      const target = `../${place.slice(modules.length + 1)}/${file}`;
      links.set(path, { of: place, path, target, file: `${place}/${file}` });
    }
  }
  return [...links.values()].filter(({ file }) => has(file)).sort((a, b) => comparePaths(a.path, b.path));
}

/** arborist's rebuild.js: packages before links, then by depth, then by path as English sorts it. */
function byTurn(a: PackageWithCommands, b: PackageWithCommands): number {
  return (
    Number(a.isLocal) - Number(b.isLocal) ||
    depthOf(a.place) - depthOf(b.place) ||
    compareKeys(a.place, b.place) ||
    comparePaths(a.place, b.place)
  );
}

function depthOf(place: string): number {
  return place.split('node_modules/').length;
}

/** The characters of package names in the order of the Unicode collation, where it is not that of their bytes. */
const order = '_-.@/~';

function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference = weightOf(a, at) - weightOf(b, at);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function weightOf(text: string, at: number): number {
  const character = (text[at] ?? '').toLowerCase();
  const special = order.indexOf(character);
  return special >= 0 ? special : 100 + character.charCodeAt(0);
}
