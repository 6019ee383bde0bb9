/**
 * A starter for a Node project: its packages in one layer, which changes with the lock file, and its own code in
 * another. The packages are those of npm's lock where that is enough, and else those that are installed.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { type NodeEntry, namedEntry, scriptedEntry } from './node-entry.ts';
import { type NodeVersion, nodeVersion } from './node-version.ts';
import { type NpmFit, npmFit } from './npm-layer.ts';
import { findPackageManager, type PackageManager } from './package-manager.ts';
import type { PackageManifest } from './package-manifest.ts';
import { type ProjectView, topOf } from './project-view.ts';
import { neverCopied, type Starter, type StarterLayer, warningOf } from './starter.ts';
import { type Workspace, workspaceOf } from './workspace.ts';

/** Folders beside the code that a server reads while it runs. */
const assets = ['public', 'views', 'templates', 'static', 'assets', 'locales'];

/** The user `node` of the image `node`, and `bun` of `oven/bun`: as numbers it needs no account in the base. */
const nodeUser = '1000:1000';

export interface NodeProject {
  readonly manifest: PackageManifest;
  readonly manager: PackageManager;
  readonly view: ProjectView;
  /** Undefined where the project stands for itself. */
  readonly workspace: Workspace | undefined;
  /** Whether its packages are laid out from the lock, rather than copied as they are installed. */
  readonly npm: NpmFit;
}

export function nodeProject(manifest: PackageManifest, view: ProjectView): NodeProject {
  const workspace = workspaceOf(view);
  const manager = findPackageManager(manifest, view, workspace);
  const isTold = manager.name === 'npm' && manifest.hasDependencies;
  return { manifest, manager, view, workspace, npm: isTold ? npmFit(view, workspace) : { fits: false } };
}

/** What `npm start` says in so many words; it comes before all guesses. */
export function startedNode({ manifest, view }: NodeProject): NodeEntry | undefined {
  return scriptedEntry(manifest, view);
}

export function nodeStarter(project: NodeProject, scripted?: NodeEntry): Starter {
  const { manifest, manager, view } = project;
  const entry = scripted ?? namedEntry(manifest, view);
  const version = nodeVersion(manifest.nodeRange, view);
  const from = entry?.runner === 'bun' ? 'oven/bun:1-slim' : `node:${String(version.major)}-slim`;
  return {
    ...nodeParts(project),
    seen: [manager.seen, ...(entry ? [`${entry.path} (${entry.seen})`] : []), ...seenVersion(version)],
    from,
    layers: [...packageLayers(project), codeLayer(entry, project)],
    ...(entry && commandOf(entry)),
    before: [...(entry?.isThere === false ? toBuild(project) : []), ...toInstall(project)],
    warnings: [...packageWarnings(project), ...entryWarnings(entry, project)],
  };
}

function seenVersion({ seen }: NodeVersion): string[] {
  return seen === undefined ? [] : [seen];
}

/** What every Node project has in common. */
export function nodeParts({
  manifest,
  manager,
}: NodeProject): Pick<Starter, 'project' | 'name' | 'user' | 'workdir'> {
  const name = manifest.github === undefined ? manifest.name : `ghcr.io/${manifest.github}`;
  return {
    project: `${manager.name} project`,
    ...(name === undefined ? {} : { name }),
    user: nodeUser,
    workdir: '/app',
  };
}

/** A project without dependencies has no layer of them. */
export function packageLayers({ manifest, manager, npm }: NodeProject): StarterLayer[] {
  if (!manifest.hasDependencies) return [];
  if (npm.fits) return [{ npm: '.', ...(npm.because === undefined ? {} : { note: npm.because }) }];
  const because = npm.because === undefined ? '' : `${npm.because}; `;
  const note = `${because}production alone: ${manager.installProduction}`;
  return [{ copy: 'node_modules', to: 'node_modules', note }];
}

/** An `npm` layer brings it. */
export function manifestFiles({ npm }: NodeProject): string[] {
  return npm.fits ? [] : ['package.json'];
}

/** The folder that the entry stands in; the whole project without what is no code, where it stands at the top. */
function codeLayer(entry: NodeEntry | undefined, project: NodeProject): StarterLayer {
  const { view } = project;
  if (entry === undefined || !entry.path.includes('/')) {
    const idle = ['Dockerfile', 'test', 'tests'].filter((name) => view.kindOf(name) !== undefined);
    return { copy: '.', exclude: [...neverCopied, 'node_modules', ...idle] };
  }
  const beside = assets.filter((name) => name !== topOf(entry.path) && view.kindOf(name) === 'folder');
  return { copy: '.', include: [...manifestFiles(project), topOf(entry.path), ...beside] };
}

/** A program takes arguments, so it is the entrypoint; a server is what the image does by default. */
function commandOf({ runner, flags, path, args, seen }: NodeEntry): Pick<Starter, 'cmd' | 'entrypoint'> {
  const command = [runner, ...flags, path, ...args];
  return seen === 'bin' ? { entrypoint: command } : { cmd: command };
}

/** What builds the output, with development packages there. */
export function toBuild(project: NodeProject): string[] {
  const build = buildCommand(project);
  return build.length > 0 && lacksPackages(project) ? [project.manager.install, ...build] : build;
}

/** What leaves the packages of production alone, where there are none yet. */
export function toInstall(project: NodeProject): string[] {
  const { manager, manifest, npm } = project;
  return manifest.hasDependencies && !npm.fits && lacksPackages(project) ? [manager.installProduction] : [];
}

function buildCommand({ manifest, manager }: NodeProject): string[] {
  return manifest.scripts.has('build') ? [`${manager.run} build`] : [];
}

/** npm installs those of a workspace beside the lock, but for what the others have in another version. */
function lacksPackages({ manifest, view, workspace }: NodeProject): boolean {
  return manifest.packages.size > 0 && (workspace?.root ?? view).kindOf('node_modules') !== 'folder';
}

export function packageWarnings({ manifest, manager, view, npm }: NodeProject): Diagnostic[] {
  if (!manifest.hasDependencies || npm.fits || view.kindOf('node_modules') === 'folder') return [];
  const isPlugAndPlay = view.kindOf('.pnp.cjs') === 'file';
  return [
    isPlugAndPlay
      ? warningOf(
          'init/plug-and-play',
          'the packages are in yarn’s Plug’n’Play, and the recipe copies node_modules',
          'write `nodeLinker: node-modules` in .yarnrc.yml, and install again',
        )
      : warningOf(
          'init/not-installed',
          'node_modules is not there, and the recipe copies it',
          `before the first build: ${manager.installProduction}`,
        ),
  ];
}

function entryWarnings(entry: NodeEntry | undefined, project: NodeProject): Diagnostic[] {
  if (entry === undefined) {
    return [
      warningOf(
        'init/no-entry',
        'package.json does not say what starts the project, so the recipe has no `cmd`',
        project.manifest.hasWorkspaces
          ? 'the image of a workspace has a recipe in its own folder: layerwright init FOLDER'
          : 'add it: cmd: [node, FILE]',
      ),
    ];
  }
  if (entry.isThere) return [];
  const [build = `make ${entry.path}`] = buildCommand(project);
  return [
    warningOf(
      'init/not-built',
      `${entry.path} is not there, and the recipe starts it`,
      `before the first build: ${build}`,
    ),
  ];
}
