/** What editors, caches and version control leave in a folder, and no image has a use for. */
import type { ImagePath } from '../tree/image-path.ts';
import type { FileFinding } from './file-finding.ts';

/** A component of a path, or two of them, with the glob that leaves it out. */
const leftovers: readonly (readonly [pattern: RegExp, exclude: string])[] = [
  [/(?:^|\/)\.git(?:\/|$)/, '**/.git'],
  [/(?:^|\/)\.hg(?:\/|$)/, '**/.hg'],
  [/(?:^|\/)\.svn(?:\/|$)/, '**/.svn'],
  [/(?:^|\/)node_modules\/\.(?:cache|vite|vite-temp)(?:\/|$)/, '**/node_modules/.{cache,vite,vite-temp}'],
  [/(?:^|\/)\.next\/cache(?:\/|$)/, '**/.next/cache'],
  [/(?:^|\/)\.idea(?:\/|$)/, '**/.idea'],
  [/(?:^|\/)\.vscode(?:\/|$)/, '**/.vscode'],
  [/(?:^|\/)\.nyc_output(?:\/|$)/, '**/.nyc_output'],
  [/(?:^|\/)(?:\.DS_Store|\._[^/]*)$/, '**/{.DS_Store,._*}'],
  [/(?:^|\/)Thumbs\.db$/, '**/Thumbs.db'],
  [/\.tsbuildinfo$/, '**/*.tsbuildinfo'],
  [/(?:^|\/)(?:npm|yarn|pnpm)-debug\.log[^/]*$/, '**/{npm,yarn,pnpm}-debug.log*'],
  [/(?:^|\/)[^/]*\.sw[po]$/, '**/*.sw[po]'],
  [/[^/]~$/, '**/*~'],
];

/** In a package of others only what was put there on this computer counts. */
export function leftoverFinding(path: ImagePath): FileFinding | undefined {
  const inPackage = /(?:^|\/)node_modules\/[^.]/.test(path);
  const found = inPackage ? undefined : leftovers.find(([pattern]) => pattern.test(path));
  if (found === undefined) return undefined;
  const [pattern, exclude] = found;
  // A folder is named once, whatever stands below it.
  const match = pattern.exec(path);
  const name = path.slice(0, (match?.index ?? 0) + (match?.[0].length ?? 0)).replace(/\/$/, '');
  return {
    code: 'lint/leftover',
    says: 'an image has no use for',
    help: '`layerwright lint --fix` leaves it out',
    name,
    exclude,
  };
}
