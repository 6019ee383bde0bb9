/**
 * What npm itself lays out for a lock, as a list of nodes to hold ours against: `npm ci --omit=dev --ignore-scripts`
 * for the same target, and `npm pack` where npm links to a folder and we lay the folder's package out.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type LockedPackage, lockedPackages, type NpmTarget } from './npm-project.ts';
import { runProgram } from './run-program.ts';
import { type ListedNode, listTree } from './tree-listing.ts';

/** What must be the same, of a node: npm's owner is who ran it, and its times are of its clock. */
export type LaidOutNode = Pick<ListedNode, 'type' | 'mode' | 'content' | 'target'>;
export type LaidOut = ReadonlyMap<string, LaidOutNode>;

/** Milliseconds: hundreds of packages come over the network while other tests take the processors. */
const patience = 600_000;

const quiet = ['--no-audit', '--no-fund'];

/** Installs into the folder's node_modules, from npm's cache where it has the packages. */
export async function npmCi(folder: string, { cpu, libc }: NpmTarget): Promise<void> {
  const target = ['--os=linux', `--cpu=${cpu}`, `--libc=${libc}`];
  const words = ['ci', '--omit=dev', '--ignore-scripts', '--prefer-offline', '--loglevel=error', ...quiet];
  const script = `umask 022; exec npm ${[...words, ...target].join(' ')}`;
  const { status, stderr } = await runProgram('sh', ['-c', script], { cwd: folder, env: {}, patience });
  if (status !== 0) throw new Error(`npm ci ended with ${String(status)}:\n${stderr}`);
}

/** What `npm ci` says that it would add, as `name version`, sorted; nothing is installed. */
export async function packagesToAdd(
  folder: string,
  { cpu, libc }: NpmTarget,
  omit: readonly string[],
): Promise<string[]> {
  const kinds = ['dev', 'optional', 'peer'];
  const flags = kinds.map((kind) => `--${omit.includes(kind) ? 'omit' : 'include'}=${kind}`);
  const target = ['--os=linux', `--cpu=${cpu}`, `--libc=${libc}`];
  const words = ['ci', '--dry-run', '--ignore-scripts', '--prefer-offline', ...quiet, ...target, ...flags];
  const { status, stdout, stderr } = await runProgram('npm', words, { cwd: folder, env: {}, patience });
  if (status !== 0) throw new Error(`npm ci --dry-run ended with ${String(status)}:\n${stderr}`);
  const added = stdout.split('\n').filter((line) => line.startsWith('add '));
  return added.map((line) => line.slice('add '.length)).sort();
}

/** Writes this one version of a package into package.json and the lock, as npm does it; nothing is installed. */
export async function npmInstallLocked(folder: string, wanted: string): Promise<void> {
  const words = ['install', wanted, '--save-exact', '--package-lock-only', '--ignore-scripts', ...quiet];
  const options = { cwd: folder, env: {}, patience };
  const { status, stderr } = await runProgram('npm', [...words, '--prefer-offline'], options);
  if (status !== 0) throw new Error(`npm install ended with ${String(status)}:\n${stderr}`);
}

/** Whether the registry of npm's own settings answers, or npm's cache knows what it would say. */
export function hasNpmRegistry(): boolean {
  const words = ['view', 'ms@2.1.3', 'version', '--prefer-offline'];
  return spawnSync('npm', words, { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

let registryUrl: string | undefined;

/** That registry, told to our command as npm is told of one, with the authorities that this process trusts. */
export function npmRegistry(): Readonly<Record<string, string>> {
  registryUrl ??= execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const { NODE_EXTRA_CA_CERTS } = process.env;
  return {
    npm_config_registry: registryUrl,
    ...(NODE_EXTRA_CA_CERTS === undefined ? {} : { NODE_EXTRA_CA_CERTS }),
  };
}

/** The nodes of a folder's node_modules after `npm ci`, but npm's own record, with folders in place of links to them. */
export function oracleTree(folder: string): LaidOut {
  const nodes = new Map(laidOut(join(folder, 'node_modules')));
  nodes.delete('.package-lock.json');
  for (const [location, locked] of Object.entries(lockedPackages(folder))) {
    const path = location.replace(/^node_modules[/]/, '');
    if (locked.link === true && nodes.get(path)?.type === 'symlink') {
      nodes.delete(path);
      for (const [below, node] of linkedPackage(folder, locked)) nodes.set(joined(path, below), node);
    }
  }
  return nodes;
}

/** The nodes of a package that npm links to: what `npm pack` would take, and the package's own node_modules. */
function linkedPackage(folder: string, { resolved = '' }: LockedPackage): LaidOut {
  const source = join(folder, resolved);
  const all = laidOut(source);
  const packed = packedFiles(source).flatMap((file) => [...foldersAbove(file), file]);
  const installed = [...all.keys()].filter((path) => /^node_modules(?:[/]|$)/.test(path));
  const paths = ['', ...packed, ...installed].filter((path) => path !== 'node_modules/.package-lock.json');
  return new Map(paths.map((path) => [path, all.get(path) ?? absent(path)]));
}

function packedFiles(folder: string): string[] {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'];
  const text = execFileSync('npm', words, { cwd: folder, encoding: 'utf8' });
  const [pack] = JSON.parse(text) as { files: { path: string }[] }[];
  return (pack?.files ?? []).map(({ path }) => path);
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

function absent(path: string): never {
  throw new Error(`npm pack lists ${path}, which is not there`);
}

function joined(folder: string, below: string): string {
  return below === '' ? folder : `${folder}/${below}`;
}

/** What is compared, of every node below a folder; the folder itself is ''. */
export function laidOut(folder: string): LaidOut {
  if (!existsSync(folder)) return new Map();
  const nodes = [...listTree(folder)].map(
    ([path, { type, mode, content, target }]): [string, LaidOutNode] => [
      path,
      {
        type,
        mode,
        ...(content === undefined ? {} : { content }),
        ...(target === undefined ? {} : { target }),
      },
    ],
  );
  return new Map(nodes);
}
