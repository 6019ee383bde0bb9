/** The services of the real npm projects start in an image under runc, and each answers a request. */
import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand, succeed } from '../../rigs/command.ts';
import { hasNpmRegistry, npmRegistry } from '../../rigs/npm-oracle.ts';
import { copyProject, projectNames, serviceFile } from '../../rigs/npm-project.ts';
import { hasProgram, isRoot } from '../../rigs/runtimes.ts';
import { type ScratchFolder, scratchFolder } from '../../rigs/scratch-folder.ts';
import { debianWithNode } from '../../rigs/whole-path.ts';

const isCampaign = process.env['LAYERWRIGHT_CAMPAIGN'] === 'npm';
const canRun =
  isRoot && process.arch === 'x64' && ['runc', 'mmdebstrap', 'npm'].every(hasProgram) && hasNpmRegistry();
/** Next.js is compiled before it can start, which takes most of a minute: in the campaign alone. */
const names = projectNames.filter((name) => isCampaign || name !== 'next-app');

/** What is in each answer that only the project's own packages can say. */
const answers: Readonly<Record<string, string>> = {
  'bundled-peer-scripts': '"isDate":true,"chart":[{"apiVersion":"v1","kind":"ConfigMap"',
  'esbuild-service': 'let project = "esbuild-service";',
  'esm-tool': '<td><del>b</del></td>',
  'fastify-service': '{"project":"fastify-service","fastify":"5.',
  'nest-service': '{"project":"nest-service"}',
  'next-app': '<p id="project">next-app</p>',
  'overrides-and-aliases': '"qs":"6.13.1","bytes":"3.1.1","cookie":"0.7.2","old-semver":"5.7.',
  'rollup-service': 'const project = "rollup-service";  export { project };',
  'sharp-service': '"format":"png","width":8,"height":4',
  'swc-service': 'var project = "swc-service";',
  'workspace-monorepo': '"greeting":"Hello, workspace-monorepo","day":86400000',
};

let scratch: ScratchFolder;
beforeAll(() => {
  scratch = scratchFolder('npm-services');
});
afterAll(() => {
  scratch.remove();
});

describe.skipIf(!canRun)('under runc (needs root, runc, mmdebstrap, and npm with a registry)', () => {
  test('each service answers, on a Debian root with the Node of this machine', { timeout: 900_000 }, () => {
    const options = { cwd: scratch.path, cache: join(scratch.path, 'cache'), env: npmRegistry() };
    const files = names.map(
      (name) => `/srv/${name}/${serviceFile(copyProject(name, join(scratch.path, name)))}`,
    );
    if (isCampaign) compileNext(join(scratch.path, 'next-app'));
    writeRecipe(scratch.path);
    succeed(['build', '-q', '-o', 'oci:layout:services'], options);
    const words = ['run', '-f', 'oci.config.yaml', 'oci:layout:services', '--', ...files];
    const { status, stdout, stderr } = runCommand(words, options);
    expect(status, stderr).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(
      files.map((file) => `${file} 200`),
    );
    for (const [at, name] of names.entries()) expect(lines[at]).toContain(answers[name]);
  });
});

function writeRecipe(folder: string): void {
  const projects = resolve(import.meta.dirname, 'projects');
  cpSync(join(projects, 'probe.mjs'), join(folder, 'probe.mjs'));
  cpSync(join(debianWithNode(), 'debian.tar'), join(folder, 'debian.tar'));
  const head = [
    'from: scratch',
    'compression: none',
    'env: { NODE_ENV: production, NEXT_TELEMETRY_DISABLED: "1" }',
    'entrypoint: [/usr/local/bin/node, /probe.mjs]',
    'runtime:',
    `  mounts: [{ source: ${process.execPath}, target: /usr/local/bin/node, options: [ro] }]`,
    'layers:',
    '  - archive: debian.tar',
    '    exclude: [usr/share/doc, usr/share/man]',
    '  - copy: probe.mjs',
    '    to: /probe.mjs',
  ];
  writeFileSync(join(folder, 'oci.config.yaml'), [...head, ...names.flatMap(layersOf), ''].join('\n'));
}

function layersOf(name: string): string[] {
  const packages = [`  - npm: ${name}`, `    to: /srv/${name}`];
  const own =
    name === 'next-app' ? ['service.js', '.next'] : name === 'workspace-monorepo' ? [] : ['service.js'];
  return [
    ...packages,
    ...own.flatMap((file) => [`  - copy: ${name}/${file}`, `    to: /srv/${name}/${file}`]),
  ];
}

/** What a user does before an image is described; the compiler is taken from npm's own installation. */
function compileNext(folder: string): void {
  const script =
    'npm ci --ignore-scripts --prefer-offline && npx next build && rm -r node_modules .next/cache';
  const { status, stderr } = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
}
