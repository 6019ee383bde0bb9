/** A build as a step of GitHub Actions: its log, its outputs, its summary, and where these cannot be written. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CommandRun, runCommand } from '../rigs/command.ts';
import { makeProject, type Project } from '../rigs/project.ts';

const recipe = `
image: registry.example/acme/api:1.4.0
layers:
  - copy: dist
  - name: settings
    file: /etc/api.conf
    content: "port=8080"
`;
const several = `layers: [{ copy: dist }]\nimages:\n  web: {}\n  api: {}\n`;

let project: Project;
let files: Record<'GITHUB_OUTPUT' | 'GITHUB_STEP_SUMMARY', string>;
beforeEach(() => {
  project = makeProject(recipe, { 'dist/server.js': 'serve()' });
  files = {
    GITHUB_OUTPUT: join(project.folder, '../output'),
    GITHUB_STEP_SUMMARY: join(project.folder, '../summary'),
  };
  for (const file of Object.values(files)) writeFileSync(file, '');
});
afterEach(() => {
  project.remove();
});

function step(args: readonly string[], env: Readonly<Record<string, string>> = {}): CommandRun {
  const github = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: project.folder, ...files, ...env };
  return runCommand(args, { ...project.options, env: github });
}

/** The file of outputs, read as the runner reads it. */
function outputs(): Record<string, string> {
  const found: Record<string, string> = {};
  let lines = readFileSync(files.GITHUB_OUTPUT, 'utf8').split('\n');
  while (lines.length > 1) {
    const [name = '', end] = lines[0]?.split('<<') ?? [];
    const last = lines.indexOf(end ?? '', 1);
    found[name] = lines.slice(1, last).join('\n');
    lines = lines.slice(last + 1);
  }
  return found;
}

const commands = (log: string): string[] => log.split('\n').filter((line) => line.startsWith('::'));
const summary = (): string => readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8');

describe('a step of GitHub Actions', () => {
  test('folds the actions, and keeps stdout for the result', () => {
    const { status, stdout, stderr } = step(['build']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^registry\.example\/acme\/api:1\.4\.0@sha256:[0-9a-f]{64}\n$/);
    expect(commands(stderr)).toEqual(['::group::layerwright: 3 actions to run, 0 cached', '::endgroup::']);
    expect(stderr).toContain('copy dist  start  first build');
  });

  test('has the digest, the image ID and the metadata as outputs', () => {
    const digest = step(['build', '--metadata-file', 'meta.json']).stdout.trim().split('@')[1];
    const metadata = JSON.parse(readFileSync(join(project.folder, 'meta.json'), 'utf8')) as object;
    const { metadata: written = '', ...rest } = outputs();
    expect(JSON.parse(written)).toEqual(metadata);
    const imageid = (metadata as Record<string, unknown>)['containerimage.config.digest'];
    expect(rest).toEqual({ digest, imageid });
  });

  test('has the metadata alone for several images, by their names', () => {
    project.write('oci.config.yaml', several);
    expect(step(['build']).status).toBe(0);
    expect(Object.keys(outputs())).toEqual(['metadata']);
    expect(Object.keys(JSON.parse(outputs()['metadata'] ?? '') as object)).toEqual(['web', 'api']);
  });

  test('has a summary that says what was made, why, and what has grown since the last build', () => {
    step(['build']);
    expect(summary()).toContain('| <code>copy dist</code> | ');
    expect(summary()).toContain('|  | built | first build |');
    writeFileSync(files.GITHUB_STEP_SUMMARY, '');
    project.write('dist/more.js', 'more()'.repeat(1000));
    step(['build']);
    expect(summary()).toMatch(/<code>linux&#47;amd64<\/code>|<code>linux\/amd64<\/code>/);
    expect(summary()).toMatch(
      /<code>copy dist<\/code> \| \d+ B \| \+\d+ B \| built \| 1 file added&#58; more\.js \|/,
    );
    expect(summary()).toMatch(/<code>settings<\/code> \| \d+ B \| ±0 B \| cached \| nothing changed \|/);
  });

  test('annotates every mistake of a recipe at its line, as a path of the repository', () => {
    project.write('services/api/oci.config.yaml', 'layers: [{ cpy: dist }]\nplatfroms: [linux/amd64]\n');
    const { status, stderr } = step(['build', '-C', 'services/api']);
    expect(status).toBe(2);
    expect(commands(stderr)).toEqual([
      expect.stringMatching(
        /^::error file=services\/api\/oci\.config\.yaml,line=1,col=12,title=recipe\/unknown-key::unknown key `cpy`%0Ahelp: /,
      ),
      expect.stringMatching(
        /^::error file=services\/api\/oci\.config\.yaml,line=2,col=1,title=recipe\/unknown-key::/,
      ),
    ]);
    expect(stderr).toContain('1 | layers: [{ cpy: dist }]');
  });

  test('annotates wrong usage, which has no place', () => {
    expect(commands(step(['buld']).stderr)).toEqual([
      expect.stringMatching(/^::error title=command\/bad-argument::unknown command 'buld'%0Ahelp: /),
    ]);
  });

  test('obeys no name of a file', () => {
    step(['build']);
    project.write('dist/::error::x', 'x');
    project.write('dist/##[add-mask]y', 'y');
    const { stderr } = step(['build', '-v']);
    expect(stderr).toContain('\\x23#[add-mask]y');
    expect(stderr).not.toContain('##[');
    expect(commands(stderr)).toEqual(['::group::layerwright: 2 actions to run, 1 cached', '::endgroup::']);
  });

  test('shows what was asked for instead', () => {
    const { stderr } = step(['build', '--progress', 'plain']);
    expect(commands(stderr)).toEqual([]);
    expect(outputs()['digest']).toMatch(/^sha256:/);
  });
});

describe('files of GitHub that cannot be written', () => {
  test.each([
    ['GITHUB_OUTPUT', { GITHUB_OUTPUT: '/proc/none/output' }],
    ['GITHUB_STEP_SUMMARY', { GITHUB_STEP_SUMMARY: '/proc/none/summary' }],
    ['GITHUB_OUTPUT', { GITHUB_OUTPUT: '' }],
  ])('%s: the build stands, and a warning says so', (name, env) => {
    const { status, stdout, stderr } = step(['build'], env);
    expect(status).toBe(0);
    expect(stdout).toMatch(/@sha256:/);
    expect(stderr).toMatch(new RegExp(`^::warning title=command/step-file::${name} `, 'm'));
  });

  test('outside of a step nothing is written or asked for', () => {
    const { stderr } = runCommand(['build', '--progress', 'github'], project.options);
    expect(stderr).not.toContain('warning');
    expect(stderr).toContain('::group::');
  });
});
