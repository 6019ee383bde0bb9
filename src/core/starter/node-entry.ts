/** Where a Node project starts: its start script, else its program, its main file, or a file of a usual name. */
import type { PackageManifest } from './package-manifest.ts';
import { projectPath, type ProjectView } from './project-view.ts';
import { readStartScript, type StartScript } from './start-script.ts';

export interface NodeEntry {
  /** Relative to the project. */
  readonly path: string;
  readonly isThere: boolean;
  /** What said so: `scripts.start`. */
  readonly seen: string;
  readonly runner: 'node' | 'bun';
  readonly flags: readonly string[];
  readonly args: readonly string[];
}

const usualNames = ['server', 'index', 'app', 'main'];
const usualFolders = ['dist', 'build', 'out', 'lib', '', 'src'];
const endings = ['.js', '.mjs', '.cjs'];

/** What a script starts; `start` is for everybody, and Nest's `start:prod` for production. */
export function scriptedEntry(manifest: PackageManifest, view: ProjectView): NodeEntry | undefined {
  for (const name of ['start:prod', 'start']) {
    const script = readStartScript(manifest.scripts.get(name) ?? '');
    const path = script && startedPath(script, manifest, view);
    if (path === undefined) continue;
    const { flags, args } = script ?? { flags: [], args: [] };
    const runner = script?.runner === 'bun' ? 'bun' : 'node';
    return { ...foundAt(path, view), seen: `scripts.${name}`, runner, flags, args };
  }
  return undefined;
}

/** What package.json names in other ways, or what is there under a usual name. */
export function namedEntry(manifest: PackageManifest, view: ProjectView): NodeEntry | undefined {
  const named = [
    { seen: 'bin', written: manifest.programs[0] },
    { seen: 'main', written: manifest.main },
    { seen: 'exports', written: manifest.exported },
  ].flatMap(({ seen, written }) => {
    const path = projectPath(written ?? '');
    return path === undefined ? [] : [{ seen, ...foundAt(path, view) }];
  });
  // `npm init` writes `main: index.js` whatever there is, so that what is not there counts only in an output folder.
  const entry =
    named.find(({ isThere }) => isThere) ??
    usualEntry(view) ??
    named.find(({ path }) => path.includes('/')) ??
    compiledEntry(view);
  return entry && { ...entry, runner: 'node', flags: [], args: [] };
}

/** The folder that the TypeScript compiler writes to, by tsconfig.json; its comments are left out of account. */
export function compiledFolder(view: ProjectView): string | undefined {
  const text = (view.textOf('tsconfig.json') ?? '').replace(/^\s*\/\/.*$/gm, '');
  return projectPath(/"outDir"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? '');
}

function startedPath(
  { runner, file }: StartScript,
  manifest: PackageManifest,
  view: ProjectView,
): string | undefined {
  if (runner === 'compiler') return compiledPath(file, view);
  return file === '.' ? projectPath(manifest.main ?? 'index.js') : file;
}

/** `src/server.ts` is compiled to `dist/server.js`. */
function compiledPath(source: string, view: ProjectView): string {
  const name = source.replace(/^src\//, '').replace(/\.([mc]?)tsx?$/, '.$1js');
  return `${compiledFolder(view) ?? 'dist'}/${name}`;
}

interface Found {
  readonly path: string;
  readonly isThere: boolean;
}

/** As Node's CommonJS loader finds it: the file, with an ending, or `index.js` of a folder. */
function foundAt(path: string, view: ProjectView): Found {
  const candidates = [path, ...endings.map((ending) => `${path}${ending}`), `${path}/index.js`];
  const there = candidates.find((candidate) => view.kindOf(candidate) === 'file');
  if (there !== undefined) return { path: there, isThere: true };
  return { path: /\.[mc]?[jt]sx?$/.test(path) ? path : `${path}.js`, isThere: false };
}

function usualEntry(view: ProjectView): (Found & { readonly seen: string }) | undefined {
  const paths = usualFolders.flatMap((folder) =>
    usualNames.flatMap((name) =>
      endings.map((ending) => `${folder === '' ? '' : `${folder}/`}${name}${ending}`),
    ),
  );
  const path = paths.find((candidate) => view.kindOf(candidate) === 'file');
  return path === undefined ? undefined : { path, isThere: true, seen: 'its name' };
}

/** TypeScript that nobody has compiled yet. */
function compiledEntry(view: ProjectView): (Found & { readonly seen: string }) | undefined {
  const source = usualNames.map((name) => `src/${name}.ts`).find((path) => view.kindOf(path) === 'file');
  return source === undefined
    ? undefined
    : { path: compiledPath(source, view), isThere: false, seen: source };
}
