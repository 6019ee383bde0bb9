/** A workflow of GitHub Actions that builds the project and then its image, by the action that docs/github-actions.md describes. */
import { flowText } from './flow-text.ts';
import { nodeProject } from './node-starter.ts';
import type { PackageManager } from './package-manager.ts';
import { readManifest } from './package-manifest.ts';
import type { ProjectView } from './project-view.ts';

export interface WorkflowChoices {
  /** `image:` of the recipe. */
  readonly image: string;
  /** The project's folder in the repository, with `/`; empty where it is the repository. */
  readonly folder: string;
}

/** Where GitHub looks for it, from the top of the repository. */
export const workflowPath = '.github/workflows/image.yml';

export function workflowText({ image, folder }: WorkflowChoices, view: ProjectView): string {
  const where = folder === '' ? [] : [`working-directory: ${flowText(folder)}`];
  // A name of this computer is in no registry, and only ghcr.io takes the job's own token.
  const isPushed = !image.startsWith('localhost/');
  const isOnGitHub = image.startsWith('ghcr.io/');
  const inputs = [...where, ...(isPushed ? ["push: ${{ github.ref == 'refs/heads/main' }}"] : [])];
  const lines = [
    '# The lock is frozen in CI: commit the oci.lock that `layerwright build` writes.',
    'name: image',
    'on: { push: { branches: [main] }, pull_request: {} }',
    `permissions: { contents: read${isOnGitHub ? ', packages: write' : ''} }`,
    'jobs:',
    '  image:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: actions/checkout@v4',
    ...buildSteps(where, view),
    '      # OWNER is where the repository of layerwright stands, or your fork of it.',
    '      - uses: OWNER/layerwright/scripts/action@v1',
    ...(inputs.length === 0 ? [] : ['        with:', ...inputs.map((line) => `          ${line}`)]),
    ...(isOnGitHub ? ['        env:', '          GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** What makes the files that the recipe copies: a fresh checkout has neither packages nor output. */
function buildSteps(where: readonly string[], view: ProjectView): string[] {
  const text = view.textOf('package.json');
  if (text === undefined) return [];
  const manifest = readManifest(text);
  const { manager, npm } = nodeProject(manifest, view);
  const build = manifest.scripts.has('build') ? [`${manager.run} build`] : [];
  // An `npm` layer takes the packages of the lock, whatever is installed.
  if (npm.fits && build.length === 0) return [];
  const prune = build.length > 0 && manifest.hasDependencies && !npm.fits ? [manager.installProduction] : [];
  const install = build.length > 0 ? manager.install : manager.installProduction;
  return [
    '      - uses: actions/setup-node@v4',
    '        with: { node-version: 22 }',
    ...[...provision(manager), install, ...build, ...prune].flatMap((command) => [
      `      - run: ${command}`,
      ...where.map((line) => `        ${line}`),
    ]),
  ];
}

/** The runner has npm alone. */
function provision({ name }: PackageManager): string[] {
  if (name === 'npm') return [];
  return name === 'bun' ? ['npm install --global bun'] : ['corepack enable'];
}
