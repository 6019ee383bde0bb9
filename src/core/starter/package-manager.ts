/** Which package manager a project uses, and how that is told to install, for production alone, and to run a script. */
import type { PackageManifest } from './package-manifest.ts';
import type { ProjectView } from './project-view.ts';
import type { Workspace } from './workspace.ts';

export interface PackageManager {
  readonly name: 'npm' | 'pnpm' | 'yarn' | 'bun';
  /** What it was known by. */
  readonly seen: string;
  readonly install: string;
  /** Installs what production needs, and nothing else. */
  readonly installProduction: string;
  /** Goes before the name of a script. */
  readonly run: string;
}

type Name = PackageManager['name'];

const lockFiles: readonly (readonly [string, Name])[] = [
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** The field `packageManager` decides, else the lock file; npm where there is neither, and for its own workspaces. */
export function findPackageManager(
  manifest: PackageManifest,
  view: ProjectView,
  workspace?: Workspace,
): PackageManager {
  const declared = /^(npm|pnpm|yarn|bun)@/.exec(manifest.packageManager ?? '')?.[1] as Name | undefined;
  const lock = lockFiles.find(([file, name]) => (declared ?? name) === name && view.kindOf(file) === 'file');
  const name = declared ?? lock?.[1] ?? 'npm';
  const above =
    workspace === undefined || name !== 'npm' ? undefined : `${workspace.context}/${workspace.lockFile}`;
  const lockFile = lock?.[0] ?? above;
  const seen = lockFile ?? (declared === undefined ? 'package.json' : 'packageManager');
  const commands = installCommands(name, { view, locked: lockFile !== undefined });
  return { name, seen, run: `${name} run`, ...commands };
}

function installCommands(
  name: Name,
  { view, locked }: { readonly view: ProjectView; readonly locked: boolean },
): Pick<PackageManager, 'install' | 'installProduction'> {
  const install = name === 'npm' && locked ? 'npm ci' : `${name} install`;
  switch (name) {
    case 'npm':
      return { install, installProduction: `${install} --omit=dev` };
    case 'pnpm':
      return { install, installProduction: `${install} --prod` };
    case 'bun':
      return { install, installProduction: `${install} --production` };
    case 'yarn': {
      // .yarnrc.yml came with yarn 2, whose install knows no production.
      const isModern = view.kindOf('.yarnrc.yml') === 'file';
      return {
        install,
        installProduction: isModern ? 'yarn workspaces focus --production' : `${install} --production`,
      };
    }
  }
}
