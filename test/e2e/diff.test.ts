/** `diff`: two images side by side, from wherever they come. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { ImageDifferences } from '../../src/core/compare/diff-images.ts';
import { makeProject, type Project } from '../rigs/project.ts';

let project: Project;
afterEach(() => {
  project.remove();
});

const recipe = `
outputs: ["oci:out"]
env: { MODE: development }
layers:
  - file: /etc/motd
    content: hello
    mode: "0640"
  - copy: dist
    to: /app
`;
const changed = recipe.replace('development', 'production').replace('0640', '0600');

/** `out` holds the recipe's image; the recipe and its files are others now. */
function twoStates(): void {
  project = makeProject(recipe, { 'dist/kept': 'kept', 'dist/old': 'old', 'dist/server': 'one' });
  project.succeed('build', '-q');
  project.write('oci.config.yaml', `${changed}labels: { version: "2" }\n`.replace('dist', 'next'));
  project.write('next/kept', 'kept');
  project.write('next/server', 'another');
  project.write('next/sub/new', 'new');
}

const withoutDigests = (text: string): string => text.replaceAll(/sha256:[0-9a-f]{12}…/g, 'sha256:…');

describe('diff of a layout and what the recipe would give now', () => {
  test('tells config, layers, files, and the bytes that a pull moves', () => {
    twoStates();
    expect(withoutDigests(project.succeed('diff', '-q', 'oci:out', 'build'))).toMatchInlineSnapshot(`
      "A  oci:out  linux/amd64  sha256:…  1.3 kB
      B  build    linux/amd64  sha256:…  1.4 kB  +49 B

      config    2 changed, 1 added
        ~ env MODE       "development" → "production"
        ~ history        in 1 of 2 entries
        + label version  "2"

      layers    1 changed, 1 added, 1 removed
        ~ file /etc/motd         sha256:… 123 B → sha256:… 122 B
        + copy next              sha256:… 193 B
        - layerwright copy dist  sha256:… 167 B

      files     2 added, 1 removed, 2 changed  (15 B → 19 B unpacked)
        - /app/old      3 B
        ~ /app/server   content 3 B → 7 B
        + /app/sub      directory
        + /app/sub/new  3 B
        ~ /etc/motd     mode 0640 → 0600

      a host that holds A pulls 1351 bytes (1.4 kB) of B: manifest, config, 2 of 2 layers
      "
    `);
  });

  test('writes nothing but the store', () => {
    twoStates();
    const before = readdirSync(project.folder);
    const index = readdirSync(join(project.folder, 'out/blobs/sha256'));
    project.succeed('diff', '-q', 'oci:out', 'build');
    expect(readdirSync(project.folder)).toEqual(before);
    expect(readdirSync(join(project.folder, 'out/blobs/sha256'))).toEqual(index);
  });

  test('calls nothing a first build that is made only to be looked at', () => {
    twoStates();
    const { stderr } = project.run('diff', '--progress', 'plain', 'oci:out', 'build');
    expect(stderr).toMatch(/ copy next +start +not in the store\n/);
    expect(stderr).not.toContain('first build');
  });

  test('with --stat prints totals alone', () => {
    twoStates();
    expect(withoutDigests(project.succeed('diff', '-q', '--stat', 'oci:out', 'build')))
      .toMatchInlineSnapshot(`
      "A  oci:out  linux/amd64  sha256:…  1.3 kB
      B  build    linux/amd64  sha256:…  1.4 kB  +49 B
      config    2 changed, 1 added
      layers    1 changed, 1 added, 1 removed
      files     2 added, 1 removed, 2 changed  (15 B → 19 B unpacked)
      a host that holds A pulls 1351 bytes (1.4 kB) of B: manifest, config, 2 of 2 layers
      "
    `);
  });

  test('with --json prints everything, each file with both its entries', () => {
    twoStates();
    const found = JSON.parse(project.succeed('diff', '-q', '--json', 'oci:out', 'build')) as ImageDifferences;
    expect(found.same).toBe(false);
    expect(found.config).toContainEqual({
      field: 'env',
      key: 'MODE',
      before: 'development',
      after: 'production',
    });
    expect(found.files).toContainEqual(
      expect.objectContaining({
        change: 'changed',
        path: 'etc/motd',
        aspects: ['mode'],
        before: expect.objectContaining({ mode: 0o640 }) as unknown,
        after: expect.objectContaining({ mode: 0o600 }) as unknown,
      }),
    );
    expect(found.layers.map(({ change }) => change)).toEqual(['changed', 'added', 'removed']);
    expect(found.layers[1]).toHaveProperty('after.label', 'copy next');
    expect(found.pull.bytes).toBe(found.pull.blobs.reduce((sum, { size }) => sum + size, 0));
  });

  test('with --exit-code ends with 10 where they differ, and with 0 where they do not', () => {
    twoStates();
    expect(project.run('diff', '--exit-code', 'oci:out', 'build').status).toBe(10);
    const { status, stdout } = project.run('diff', '--exit-code', 'build', 'build');
    expect(status).toBe(0);
    expect(stdout).toContain('\nnothing differs\n');
    expect(stdout).toMatch(/\na host that holds A pulls 0 bytes of B: it has everything\n$/);
  });

  test('with --max-growth ends with 10 where B is larger by more, below the differences', () => {
    twoStates();
    project.write('next/large', 'x'.repeat(10) + String(Array.from({ length: 5000 }, (_, at) => at * 7919)));
    expect(project.run('diff', '--max-growth', '1MB', 'oci:out', 'build').status).toBe(0);
    const { status, stdout, stderr } = project.run('diff', '-q', '--max-growth', '1 kB', 'oci:out', 'build');
    expect(status).toBe(10);
    expect(stdout).toContain('/app/large');
    expect(stderr).toMatch(/^error\[command\/grew-too-much\] B is \d+ bytes \(\d+\.\d kB\) larger than A\n/);
    // What became smaller has not grown.
    expect(project.run('diff', '--max-growth', '0', 'build', 'oci:out').status).toBe(0);
  });
});

describe('diff', () => {
  test('reads a plan, which need not be built yet', () => {
    twoStates();
    project.succeed('plan', '--out', 'plan.json');
    const { stdout } = project.run('diff', '-q', 'plan:plan.json', 'build');
    expect(stdout).toContain('\nnothing differs\n');
  });

  test('asks which of several images is meant, before it makes one', () => {
    project = makeProject('images: { api: { layers: [{ dir: /api }] }, web: { layers: [{ dir: /web }] } }');
    const { status, stderr } = project.run('diff', '-q', 'build', 'build');
    expect(status).toBe(2);
    expect(stderr).toContain('one image is needed here, and there are api, web\n');
    expect(stderr).toContain('--image');
    expect(project.succeed('diff', '-q', '--image', 'web', 'build', 'build')).toContain('nothing differs');
  });

  test('compares the platform that is asked for', () => {
    const each =
      'platforms: [linux/amd64, linux/arm64]\noutputs: ["oci:out"]\nlayers: [{ dir: "/${{ platform.arch }}" }]\n';
    project = makeProject(each);
    project.succeed('build', '-q');
    const text = project.succeed('diff', '-q', '--platform', 'linux/arm64', 'oci:out', 'build');
    expect(text).toContain('linux/arm64');
    expect(text).toContain('nothing differs');
  });

  test('counts shared layers and files of other times alone, and lists them with -v', () => {
    project = makeProject('outputs: ["oci:out"]\nlayers: [{ dir: /kept }, { dir: /app }]\n');
    project.succeed('build', '-q');
    project.write('oci.config.yaml', 'layers: [{ dir: /kept }, { dir: /app, mtime: 5 }]\n');
    const text = project.succeed('diff', '-q', 'oci:out', 'build');
    expect(text).toContain('layers    1 shared, 1 changed\n');
    expect(text).toContain('files     1 in their times alone');
    expect(text).not.toMatch(/^ {2}~ \/app/m);
    const all = project.succeed('diff', '-q', '-v', 'oci:out', 'build');
    expect(all).toMatch(/^ {2}= dir \/kept /m);
    expect(all).toMatch(/^ {2}~ \/app {2}mtime$/m);
  });

  test('cuts a long list, and says how much of it is left', () => {
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [`dist/file${String(at + 10)}`, 'x']),
    );
    project = makeProject('layers: [{ copy: dist, to: / }]\n', files);
    project.succeed('build', '-q', '-o', 'oci:out');
    project.write('oci.config.yaml', 'layers: [{ dir: /app }]\n');
    const text = project.succeed('diff', '-q', 'oci:out', 'build');
    expect(text.match(/^ {2}- \/file/gm)).toHaveLength(19);
    expect(text).toContain('\n  … and 11 more (-v shows them)\n');
    expect(project.succeed('diff', '-q', '-v', 'oci:out', 'build').match(/^ {2}- \/file/gm)).toHaveLength(30);
  });

  test('shows control characters of names as escapes, and paints where it is asked to', () => {
    project = makeProject('layers: [{ dir: /app }]\n');
    project.succeed('build', '-q', '-o', 'oci:out');
    project.write('oci.config.yaml', 'layers: [{ dir: "/a\\e[2Jb" }]\n');
    expect(project.succeed('diff', '-q', 'oci:out', 'build')).toContain('  + /a\\x1b[2Jb');
    const painted = project.succeed('diff', '-q', '--color', 'always', 'oci:out', 'build');
    expect(painted).toContain('\u001b[32m+\u001b[0m /a\\x1b[2Jb');
  });
});

describe('diff ends with one error', () => {
  test.each([
    ['a layout that is not there', ['oci:none', 'build'], 'transport/not-found', 'none is not there'],
    ['a name that is none', ['UPPER', 'build'], 'command/bad-argument', '`UPPER` cannot be used here'],
    [
      'a folder that can only be written',
      ['rootfs:x', 'build'],
      'command/bad-argument',
      'a rootfs is a destination',
    ],
    ['a plan that is not there', ['plan:none.json', 'build'], 'command/unreadable-file', 'none.json'],
    [
      'a file that is no plan',
      ['plan:oci.config.yaml', 'build'],
      'plan/unreadable',
      'oci.config.yaml is no plan',
    ],
    ['a recipe that is not there', ['build', 'build', '-f', 'none.yaml'], 'command/no-recipe', 'none.yaml'],
    ['an image that the recipe lacks', ['build', 'build', '--image', 'x'], 'recipe/unknown-image', '`x`'],
    [
      'a size that is none',
      ['build', 'build', '--max-growth', '5 pounds'],
      'command/bad-argument',
      '5 pounds',
    ],
    ['two platforms', ['build', 'build', '--platform', 'all'], 'command/several-platforms', 'all'],
  ])('for %s', (_what, args, ...[code, words]) => {
    project = makeProject('layers: [{ dir: /app }]\n');
    const { status, stdout, stderr } = project.run('diff', '-q', ...args);
    expect(stderr).toContain(`error[${code}]`);
    expect(stderr).toContain(words);
    expect(stderr.match(/^error/gm)).toHaveLength(1);
    expect(stdout).toBe('');
    expect(status).toBeGreaterThan(0);
    expect(status).toBeLessThan(10);
    expect(existsSync(join(project.folder, 'oci.lock'))).toBe(false);
  });
});
