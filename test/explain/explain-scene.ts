/** A project that was built once, the change that a test makes to it, and what `explain` says of it before and after. */
import { chmodSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runInProcess } from '../rigs/command-in-process.ts';
import { makeProject, type Project } from '../rigs/project.ts';

export const recipe = `image: registry.example/acme/api:1.4.0
from: oci:base
workdir: /app
env:
  NODE_ENV: production
labels:
  team: api
layers:
  - copy: package.json
  - copy: dist
    to: dist
  - name: settings
    file: /etc/api.conf
    content: "port=8080"
cmd: [node, dist/server.js]
`;

const files: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "api", "version": "1.4.0" }\n',
  'dist/server.js': 'serve()\n',
  'dist/routes.js': 'routes()\n',
  'dist/run.sh': '#!/bin/sh\nexec node server.js\n',
  'dist/server.js.map': 'a map\n',
};

export interface Scene {
  readonly project: Project;
  /** stdout of a run in the project, which has to succeed. */
  succeed(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  writeRecipe(change: (text: string) => string): void;
  /** Makes the base anew, with another content. */
  moveBase(content: string): Promise<void>;
  path(name: string): string;
}

export async function openScene(text = recipe): Promise<Scene> {
  const project = makeProject(text, files);
  const path = (name: string): string => join(project.folder, name);
  chmodSync(path('dist/run.sh'), 0o755);
  symlinkSync('server.js', path('dist/current.js'));
  const succeed: Scene['succeed'] = async (args, env = {}) => {
    const run = await runInProcess(args, { ...project.options, env });
    if (run.status !== 0)
      throw new Error(`${args.join(' ')} ended with ${String(run.status)}: ${run.stderr}`);
    return run.stdout;
  };
  const scene: Scene = {
    project,
    succeed,
    path,
    writeRecipe: (change) => {
      project.write('oci.config.yaml', change(text));
    },
    moveBase: async (content) => {
      rmSync(path('base'), { recursive: true, force: true });
      project.write('base.yaml', baseRecipe(content));
      await succeed(['build', '-q', '-f', 'base.yaml', '-o', 'oci:base']);
    },
  };
  await scene.moveBase('12');
  return scene;
}

export function baseRecipe(content: string): string {
  return `platforms: [linux/amd64, linux/arm64]
env: { PATH: /usr/bin, RELEASE: "${content}" }
layers:
  - file: /etc/release
    content: "${content}"
`;
}

export interface Change {
  /** The golden's name. */
  readonly name: string;
  readonly act: (scene: Scene) => unknown;
  /** Of the builds and questions that follow the change. */
  readonly env?: Readonly<Record<string, string>>;
  readonly nothing?: true;
}

/** The twenty of issue 5, each on its own. */
export const changes: readonly Change[] = [
  { name: 'file-content', act: ({ project }) => project.write('dist/server.js', 'serve(2)\n') },
  { name: 'file-mode', act: ({ path }) => chmodSync(path('dist/routes.js'), 0o755) },
  { name: 'file-added', act: ({ project }) => project.write('dist/lib/db.js', 'db()\n') },
  { name: 'file-removed', act: ({ path }) => rmSync(path('dist/routes.js')) },
  { name: 'file-renamed', act: ({ path }) => renameSync(path('dist/routes.js'), path('dist/paths.js')) },
  {
    name: 'symlink-target',
    act: ({ path }) => {
      rmSync(path('dist/current.js'));
      symlinkSync('routes.js', path('dist/current.js'));
    },
  },
  { name: 'dockerignore', act: ({ project }) => project.write('.dockerignore', '# maps\n**/*.map\n') },
  {
    name: 'package-json',
    act: ({ project }) => project.write('package.json', '{ "name": "api", "version": "1.5.0" }\n'),
  },
  { name: 'base-moved', act: ({ moveBase }) => moveBase('13') },
  { name: 'env', act: replacing('production', 'development') },
  { name: 'label', act: replacing('labels:\n', 'labels:\n  tier: backend\n') },
  { name: 'cmd', act: replacing('[node, dist/server.js]', '[node, --inspect, dist/server.js]') },
  { name: 'user', act: replacing('workdir: /app', 'workdir: /app\nuser: "10001"') },
  { name: 'platform-added', act: replacing('workdir:', 'platforms: [linux/amd64, linux/arm64]\nworkdir:') },
  { name: 'epoch', act: () => undefined, env: { SOURCE_DATE_EPOCH: '1700000000' } },
  {
    name: 'compression-level',
    act: replacing('workdir:', 'compression: { type: gzip, level: 9 }\nworkdir:'),
  },
  {
    name: 'recipe-reordered',
    act: replacing(
      'env:\n  NODE_ENV: production\nlabels:\n  team: api\n',
      'labels:\n  team: api\nenv:\n  NODE_ENV: production\n',
    ),
    nothing: true,
  },
  {
    name: 'recipe-commented',
    act: replacing('workdir:', '# where all of it stands\nworkdir:'),
    nothing: true,
  },
  { name: 'image-renamed', act: replacing('acme/api:1.4.0', 'acme/server:1.4.0'), nothing: true },
  { name: 'nothing', act: () => undefined, nothing: true },
];

/** The recipe with one text in place of another. */
export function replacing(text: string, by: string): Change['act'] {
  return ({ writeRecipe }) => {
    writeRecipe((before) => {
      if (!before.includes(text)) throw new Error(`the recipe does not hold ${text}`);
      return before.replace(text, by);
    });
  };
}

/** Digests and keys by the order in which they come up, so that a golden changes with what it says alone. */
export function withoutDigests(text: string): string {
  const known = new Map<string, string>();
  return text.replace(/sha256:[0-9a-f]{12}…|\b[0-9a-f]{12}\b/g, (found) => {
    const kind = found.startsWith('sha256:') ? 'sha256:' : '';
    const number = known.get(found) ?? String(known.size + 1);
    known.set(found, number);
    return `${kind}<${number}>`;
  });
}
