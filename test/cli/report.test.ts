import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report, ReportFile } from '../../src/core/compare/report.ts';
import type { CommandRun } from '../rigs/command.ts';
import { runInProcess } from '../rigs/command-in-process.ts';
import { makeProject, type Project } from '../rigs/project.ts';

const recipe = `image: registry.example/api
env:
  LEVEL: info
layers:
  - copy: dist
    to: app
  - group:
      - file: /etc/motd
        content: hello
      - dir: /data
`;

describe('report', () => {
  let project: Project;
  const page = 'layerwright-report.html';
  const run = (...args: readonly string[]): Promise<CommandRun> => runInProcess(args, project.options);
  const text = (name = page): string => readFileSync(join(project.folder, name), 'utf8');

  beforeEach(() => {
    project = makeProject(recipe, { 'dist/server.js': 'listen()', 'dist/old.js': 'gone soon' });
  });
  afterEach(() => {
    project.remove();
  });

  async function reported(...args: readonly string[]): Promise<Report> {
    const { status, stderr } = await run('report', ...args);
    if (status !== 0) throw new Error(stderr);
    return reportIn(text());
  }

  it('builds the image and writes the page; stdout names it', async () => {
    const { status, stdout } = await run('report');
    expect([status, stdout]).toEqual([0, `${page}\n`]);
    const { image, previous, layers, recipe: shown } = reportIn(text());
    expect(image).toMatchObject({ name: 'registry.example/api:latest', platform: 'linux/amd64' });
    expect(previous).toBeUndefined();
    expect(shown).toEqual({ file: 'oci.config.yaml', text: recipe });
    expect(layers.map(({ label, lines, change }) => [label, lines, change])).toEqual([
      ['copy dist', [5, 6], 'same'],
      ['group (file /etc/motd, dir /data)', [7, 10], 'same'],
    ]);
  });

  it('names for each file its layer, its lines and its source', async () => {
    const { files } = await reported();
    expect(fileAt(files, 'app/server.js')).toMatchObject({ layer: 0, source: 'dist/server.js', size: 8 });
    expect(fileAt(files, 'app/server.js')).not.toHaveProperty('lines');
    expect(fileAt(files, 'etc/motd')).toMatchObject({ layer: 1, lines: [8, 9] });
    expect(fileAt(files, 'data')).toMatchObject({ type: 'directory', lines: [10, 10] });
  });

  it('sets the image beside the one built before', async () => {
    await run('build');
    project.write('dist/server.js', 'listen(8080)');
    project.write('dist/new.js', 'new');
    rmSync(join(project.folder, 'dist/old.js'));
    project.write('oci.config.yaml', recipe.replace('info', 'debug'));
    const { previous, files, fields, layers, pullBytes, image } = await reported();
    expect(previous?.name).toBe('the build before');
    expect(changesIn(files)).toEqual([
      'app/new.js added',
      'app/old.js removed',
      'app/server.js changed content',
    ]);
    expect(fields.filter(({ change }) => change !== 'same')).toEqual([
      { name: 'env LEVEL', change: 'changed', before: 'info', now: 'debug' },
    ]);
    expect(layers.map(({ change }) => change)).toEqual(['added', 'same']);
    expect(pullBytes).toBe(image.size - (layers[1]?.size ?? 0));
  });

  it('compares with the same build the second time, and writes the same bytes', async () => {
    await run('build');
    project.write('dist/server.js', 'listen(8080)');
    await run('report');
    const first = text();
    await run('report');
    expect(text()).toBe(first);
  });

  it('without a timeline writes the same bytes from any store', async () => {
    await run('report', '--no-timeline');
    const first = text();
    const elsewhere = { ...project.options, cache: `${project.options.cache}-2` };
    await runInProcess(['report', '--no-timeline'], elsewhere);
    expect(text()).toBe(first);
    expect(reportIn(first)).not.toHaveProperty('timeline');
  });

  it('shows when the last build ran what, though this one found all of it done', async () => {
    await run('build');
    const { timeline } = await reported();
    expect(timeline?.spans.map(({ name, outcome }) => `${name} ${outcome}`).sort()).toEqual([
      'copy dist built',
      'group (file /etc/motd, dir /data) built',
      'image api built',
    ]);
  });

  it('compares with an image that is named, or with none', async () => {
    await run('build', '-o', 'oci:before');
    project.write('dist/server.js', 'listen(8080)');
    const { previous, files } = await reported('--against', 'oci:before');
    expect(previous?.name).toBe('oci:before');
    expect(changesIn(files)).toEqual(['app/server.js changed content']);
    expect(await reported('--against', 'none')).not.toHaveProperty('previous');
  });

  it('tells which layer hides a file of another, and calls layers of a base by its reference', async () => {
    await run('build', '-o', 'oci:base');
    project.write('oci.config.yaml', 'from: oci:base\nlayers:\n  - file: /etc/motd\n    content: later\n');
    const { files, layers } = await reported('--against', 'none');
    expect(layers.map(({ label, lines }) => [label, lines])).toEqual([
      ['base oci:base (1 of 2)', [1, 1]],
      ['base oci:base (2 of 2)', [1, 1]],
      ['file /etc/motd', [3, 4]],
    ]);
    expect(
      files.filter(({ path }) => path === 'etc/motd').map(({ layer, hiddenBy }) => [layer, hiddenBy]),
    ).toEqual([
      [1, 2],
      [2, undefined],
    ]);
  });

  it('replaces an older report, and no other file', async () => {
    await run('report');
    expect((await run('report')).status).toBe(0);
    project.write('index.html', '<!doctype html>\nmine\n');
    const { status, stderr } = await run('report', '-o', 'index.html');
    expect(status).toBe(7);
    expect(stderr).toContain('command/not-ours');
    expect(text('index.html')).toBe('<!doctype html>\nmine\n');
  });

  it('refuses a folder before it builds anything', async () => {
    const { status, stderr } = await run('report', '-o', 'dist');
    expect(status).toBe(7);
    expect(stderr).toBe('error[command/not-ours] dist is a folder\n  = help: name a file in it with -o\n');
  });

  it('asks which image is meant where there are several', async () => {
    project.write('oci.config.yaml', `${recipe}images:\n  api: {}\n  debug: { tags: [debug] }\n`);
    const { status, stderr } = await run('report');
    expect(status).toBe(2);
    expect(stderr).toContain('one image is needed here, and there are api, debug');
    expect(existsSync(join(project.folder, page))).toBe(false);
    expect((await reported('debug')).layers).toHaveLength(2);
  });

  it('warns where the image holds the report itself', async () => {
    await run('report', '-o', 'dist/report.html');
    const { status, stderr } = await run('report', '-o', 'dist/report.html');
    expect(status).toBe(0);
    expect(stderr).toContain('command/output-in-image');
  });

  it('gives the numbers as JSON on request', async () => {
    const { stdout } = await run('report', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ file: page, image: { platform: 'linux/amd64' } });
  });

  it('lets no name out of the data that it stands in', async () => {
    renameSync(
      join(project.folder, 'dist/old.js'),
      join(project.folder, 'dist', '<!--<script>&lt;img onerror=alert(1)>'),
    );
    const { files } = await reported();
    expect(files.map(({ path }) => path)).toContain('app/<!--<script>&lt;img onerror=alert(1)>');
    expect(text().split('<script').length).toBe(3);
    expect(text()).not.toContain('<!--');
  });
});

/** What a page holds, read as a browser would. */
function reportIn(html: string): Report {
  const [, json = ''] = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(html) ?? [];
  return JSON.parse(json) as Report;
}

function fileAt(files: readonly ReportFile[], path: string): ReportFile | undefined {
  return files.find((file) => file.path === path);
}

function changesIn(files: readonly ReportFile[]): string[] {
  return files
    .filter(({ change, type }) => change !== 'same' && type !== 'directory')
    .map(({ path, change, aspects = [] }) => [path, change, ...aspects].join(' '));
}
