/** Starters for what builds into a folder of its own: frameworks with a server, and builders of static sites. */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import {
  manifestFiles,
  nodeParts,
  type NodeProject,
  packageLayers,
  packageWarnings,
  toBuild,
  toInstall,
} from './node-starter.ts';
import { nodeVersion } from './node-version.ts';
import { siteStarter } from './site-starter.ts';
import { type Starter, type StarterLayer, warningOf } from './starter.ts';

/** Undefined where the project uses none that is known here. */
export function frameworkStarter(project: NodeProject): Starter | undefined {
  const { packages } = project.manifest;
  const server = servers.find(({ dependency }) => packages.has(dependency));
  if (server !== undefined) return serverStarter(server, project);
  const builder = builders.find(([dependency]) => packages.has(dependency));
  return builder === undefined ? undefined : builtSite(builder, project);
}

interface Server {
  readonly dependency: string;
  readonly output: string;
  readonly cmd: readonly string[];
  layers(project: NodeProject): readonly StarterLayer[];
}

const servers: readonly Server[] = [
  {
    dependency: 'next',
    output: '.next',
    cmd: ['node', 'node_modules/next/dist/bin/next', 'start'],
    layers: (project) => [
      ...packageLayers(project),
      { copy: '.', include: [...manifestFiles(project), ...nextFiles(project)], exclude: ['.next/cache'] },
    ],
  },
  {
    // Nitro puts the packages that it needs into its output.
    dependency: 'nuxt',
    output: '.output',
    cmd: ['node', '.output/server/index.mjs'],
    layers: () => [{ copy: '.output', to: '.output' }],
  },
];

/** The package that builds a site, and where it puts it. */
const builders: readonly (readonly [dependency: string, folder: string])[] = [
  ['astro', 'dist'],
  ['gatsby', 'public'],
  ['react-scripts', 'build'],
  ['@11ty/eleventy', '_site'],
  ['vite', 'dist'],
  ['parcel', 'dist'],
];

/** `public` is there where a project has files of its own to serve; a name that is not there would be a mistake. */
function nextFiles({ view }: NodeProject): string[] {
  const own = view.kindOf('public') === 'folder' ? ['public'] : [];
  return ['next.config.*', '.next', ...own];
}

function serverStarter(server: Server, project: NodeProject): Starter {
  const { manifest, manager, view } = project;
  const isBuilt = view.kindOf(server.output) === 'folder';
  const layers = server.layers(project);
  const needsPackages = layers.some((layer) => 'copy' in layer && layer.copy === 'node_modules');
  return {
    ...nodeParts(project),
    project: `${server.dependency} project`,
    seen: [manager.seen, server.output],
    from: `node:${String(nodeVersion(manifest.nodeRange, view).major)}-slim`,
    layers,
    ports: [3000],
    cmd: server.cmd,
    before: [...(isBuilt ? [] : toBuild(project)), ...(needsPackages ? toInstall(project) : [])],
    warnings: [...(needsPackages ? packageWarnings(project) : []), ...notBuilt(server.output, project)],
  };
}

function builtSite([dependency, folder]: (typeof builders)[number], project: NodeProject): Starter {
  const isBuilt = project.view.kindOf(folder) === 'folder';
  const { name } = nodeParts(project);
  return {
    ...siteStarter(folder),
    project: `static site, built by ${dependency}`,
    ...(name === undefined ? {} : { name }),
    seen: [project.manager.seen, folder],
    before: isBuilt ? [] : toBuild(project),
    warnings: notBuilt(folder, project),
  };
}

function notBuilt(folder: string, project: NodeProject): Diagnostic[] {
  if (project.view.kindOf(folder) === 'folder') return [];
  const build = toBuild(project).join(' && ');
  const help = `before the first build: ${build === '' ? `make ${folder}` : build}`;
  return [warningOf('init/not-built', `${folder} is not there, and the recipe copies it`, help)];
}
