/** Which builds an answer compares, and the answers about paths and codes. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CommandRun } from '../rigs/command.ts';
import { runInProcess } from '../rigs/command-in-process.ts';
import { openScene, type Scene, withoutDigests } from './explain-scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => {
  scene.project.remove();
});

const run = (...args: readonly string[]): Promise<CommandRun> => runInProcess(args, scene.project.options);
const explain = (...args: readonly string[]): Promise<string> => scene.succeed(['explain', ...args]);
const build = (...args: readonly string[]): Promise<string> => scene.succeed(['build', '-q', ...args]);
const digestOf = (line: string): string => /@(sha256:[0-9a-f]+)/.exec(line)?.[1] ?? '';

describe('why', () => {
  test('says that there is nothing to compare with before the first build', async () => {
    expect(await explain()).toBe(
      'no build of this recipe is recorded here, so the next one makes everything\n',
    );
  });

  test('asked for one action, goes back to the build that last made it', async () => {
    await build();
    scene.project.write('dist/server.js', 'serve(2)\n');
    await build();
    scene.writeRecipe((text) => text.replace('production', 'test'));
    await build();
    const about = await explain('copy', 'dist');
    expect(withoutDigests(about)).toBe(
      [
        'nothing to rebuild of `copy dist` since the build of sha256:<1>',
        '',
        'the build of sha256:<2>, since that of sha256:<3>:',
        '',
        'copy dist  key <4> (was <5>)  oci.config.yaml:10:5',
        '  changed  dist/server.js  sha256:<6> → sha256:<7>',
        '  same     recipe, compression, layer format',
        '',
      ].join('\n'),
    );
    expect(await explain('settings')).toMatch(/^nothing to rebuild of `settings` since the build of \S+\n$/);
  });

  test('compares with the build that --since names by a digest, or by how many builds ago', async () => {
    const first = digestOf(await build());
    scene.project.write('dist/server.js', 'serve(2)\n');
    await build();
    scene.project.write('dist/routes.js', 'routes(2)\n');
    const both = await explain('--since', first);
    expect(both).toMatch(/changed {2}dist\/routes\.js .*\n {2}changed {2}dist\/server\.js /);
    expect(await explain('--since', '2')).toBe(both);
    expect(await explain('--since', first.slice('sha256:'.length, 20))).toBe(both);
    expect(await explain('--since', '1')).not.toContain('dist/server.js');
    const unknown = await run('explain', '--since', 'sha256:0123');
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('counted back, 1 is sha256:'),
    ]);
  });

  test('records no second build of the same, and goes on from where the recipe went back to', async () => {
    await build();
    await build('--no-cache');
    expect((await run('explain', '--since', '2')).status).toBe(2);
    scene.writeRecipe((text) => text.replace('production', 'test'));
    await build();
    scene.writeRecipe((text) => text);
    await build();
    expect(await explain()).toMatch(/^nothing to rebuild[^]*env NODE_ENV {2}test → production\n/);
  });

  test('holds a build of one platform against one of the same', async () => {
    await build();
    await build('--platform', 'linux/arm64');
    expect(await explain()).toMatch(/^nothing to rebuild since the build of \S+\n$/);
    expect(await explain('--platform', 'linux/arm64')).toMatch(
      /^nothing to rebuild since the build of \S+\n$/,
    );
  });

  test('says so where a result is gone from the store', async () => {
    await build();
    rmSync(join(scene.project.options.cache, 'store/results/layer'), { recursive: true });
    expect(await explain('settings')).toContain(
      '  lost     nothing changed; its result is no longer in the store\n',
    );
  });

  test('knows less and says so once the trees of a build are collected', async () => {
    await build();
    scene.project.write('dist/server.js', 'serve(2)\n');
    rmSync(join(scene.project.options.cache, 'store/results/tree'), { recursive: true });
    expect(await explain('copy dist')).toContain('  changed  files\n');
  });

  test('says what the store has already of what changed since the last build', async () => {
    await build();
    scene.project.write('dist/server.js', 'serve(2)\n');
    await build();
    scene.project.write('dist/server.js', 'serve()\n');
    scene.writeRecipe((text) => text.replace('team: api', 'team: web'));
    const text = await explain();
    expect(text.match(/^ {2}cached {3}made by an earlier build$/gm)).toHaveLength(1);
    expect(text).toMatch(
      /copy dist {2}key .*\n {2}cached {3}made by an earlier build\n {2}changed {2}dist\/server\.js/,
    );
    const { actions } = JSON.parse(await explain('--json')) as {
      actions: { label: string; cached?: true }[];
    };
    expect(actions.filter(({ cached }) => cached).map(({ label }) => label)).toEqual(['copy dist']);
  });

  test('tells a time as a number, as the recipe may write it', async () => {
    await build();
    scene.writeRecipe((text) => text.replace('    to: dist\n', '    to: dist\n    mtime: 5\n'));
    expect(await explain('copy dist')).toContain('  added    mtime  5\n');
  });

  test('calls the content that the recipe holds no file, and the recipe not the same', async () => {
    await build();
    scene.writeRecipe((text) => text.replace('port=8080', 'port=80'));
    expect(withoutDigests(await explain('settings'))).toContain(
      '  changed  content /etc/api.conf  sha256:<4> → sha256:<5>\n  same     files, compression, layer format\n',
    );
    expect(await scene.succeed(['plan'])).toMatch(
      /^settings .* will build: changed: content \/etc\/api\.conf$/m,
    );
  });

  test('names the images where there are several', async () => {
    const two = 'images:\n  api: {}\n  debug: { env: { DEBUG: "1" } }\n';
    scene.writeRecipe((text) => text.replace(/^image:.*\n/, two));
    await build();
    scene.writeRecipe((text) => text.replace(/^image:.*\n/, two.replace('"1"', '"2"')));
    const text = await explain();
    expect(text).toMatch(/^since the build of api sha256:\S+, debug sha256:\S+:\n/);
    expect(text).toMatch(/\nimage debug {2}key .*\n {2}changed {2}env DEBUG {2}1 → 2\n/);
    expect(await explain('--image', 'api')).toMatch(/^nothing to rebuild/);
  });

  test('suggests a label for one that is not there', async () => {
    const { status, stdout, stderr } = await run('explain', 'setings');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('did you mean `settings`?');
  });
});

describe('where a path comes from', () => {
  test('is the line, the layer and the file of the context', async () => {
    const notBuilt = await explain('/app/dist/server.js');
    expect(notBuilt).toContain(
      '  added by  copy dist  oci.config.yaml:10:5  layer 3 of 4  not built yet  from dist/server.js\n',
    );
    await build();
    expect(withoutDigests(await explain('/app/dist/server.js'))).toBe(
      [
        '/app/dist/server.js',
        '  file  mode 0644  owner 0:0  8 B  sha256:<1>',
        '  added by  copy dist  oci.config.yaml:10:5  layer 3 of 4  sha256:<2>  from dist/server.js',
        '',
      ].join('\n'),
    );
  });

  test('is the base, and who replaced or removed what it brought', async () => {
    const layers = [
      '  - file: /etc/release',
      '    content: ours',
      '  - remove: /etc/release',
      '  - name: links',
      '    group:',
      '      - link: /etc/os',
      '        target: /usr/lib/os',
      '      - link: /etc/api',
      '        target: api.conf',
      '',
    ].join('\n');
    expect(withoutDigests(await explain('etc/release'))).toBe(
      [
        '/etc/release',
        '  file  mode 0644  owner 0:0  2 B  sha256:<1>',
        '  added by  base oci:base  oci.config.yaml:2:7  layer 1 of 4  sha256:<2>',
        '',
      ].join('\n'),
    );
    scene.writeRecipe((text) => text.replace('cmd:', `${layers}cmd:`));
    expect(withoutDigests(await explain('/etc/release'))).toBe(
      [
        '/etc/release',
        '  is not in the image',
        '  removed by   remove /etc/release  oci.config.yaml:17:5  layer 6 of 7  not built yet',
        '  replaced by  file /etc/release    oci.config.yaml:15:5  layer 5 of 7  not built yet         from the recipe',
        '  added by     base oci:base        oci.config.yaml:2:7   layer 1 of 7  sha256:<1>',
        '',
      ].join('\n'),
    );
    expect(await explain('/etc/api')).toMatch(
      /symlink {2}.*→ api\.conf\n {2}added by {2}links {2}oci\.config\.yaml:22:9 /,
    );
  });

  test('is told for each image and platform that holds it, and as JSON', async () => {
    scene.writeRecipe((text) => text.replace('workdir:', 'platforms: [linux/amd64, linux/arm64]\nworkdir:'));
    const text = await explain('/etc/release');
    expect(text.match(/^\/etc\/release {2}image api \(linux\/\w+\)$/gm)).toHaveLength(2);
    expect((await explain('/etc/release', '--platform', 'linux/arm64')).match(/^\/etc/gm)).toHaveLength(1);
    const [first] = JSON.parse(await explain('/app/dist/run.sh', '--json')) as Record<string, unknown>[];
    expect(first).toMatchObject({
      image: 'image api (linux/amd64)',
      path: 'app/dist/run.sh',
      isThere: true,
      entry: { type: 'file', mode: 0o755 },
      layers: 4,
      steps: [
        {
          does: 'adds',
          layer: 3,
          label: 'copy dist',
          place: { file: 'oci.config.yaml', line: 11, column: 5 },
          source: { in: 'context', path: 'dist/run.sh' },
        },
      ],
    });
  });

  test('suggests the path for one that no layer names', async () => {
    const { status, stderr } = await run('explain', '/dist/server.js');
    expect([status, stderr]).toEqual([2, expect.stringContaining('did you mean `/app/dist/server.js`?')]);
    expect((await run('explain', '/app/../etc')).status).toBe(2);
  });

  test.each([
    ['dist/servr.js', '/app/dist/server.js'],
    ['/app/dist/servr.js', '/app/dist/server.js'],
    ['servr.js/', '/app/dist/server.js'],
    ['/etc/api.cnf', '/etc/api.conf'],
  ])('suggests for the misspelt %s what is meant', async (wrong, meant) => {
    const { status, stderr } = await run('explain', wrong);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`did you mean \`${meant}\`?`)]);
  });

  test('says how a path is written, for a name that is none', async () => {
    expect((await run('explain', 'server.js')).stderr).toContain('a path is written with a `/`');
  });

  test.each([['/etc/release'], ['lock/missing']])('has no --since for %s', async (subject) => {
    const { status, stdout, stderr } = await run('explain', subject, '--since', '1');
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining('--since does not go with')]);
  });
});

describe('what a code means', () => {
  test('is told with its exit code, an example and the cure, without any recipe', async () => {
    rmSync(scene.path('oci.config.yaml'));
    expect(await explain('recipe/unknown-key')).toBe(
      [
        'recipe/unknown-key',
        '  A key is not known here; keys that begin with `x-` are free.',
        '  ends the command with 2',
        '',
        'for example:',
        '',
        '  error[recipe/unknown-key] unknown key `platfroms`',
        '   --> oci.config.yaml:3:1',
        '    |',
        '  3 | platfroms: [linux/amd64, linux/arm64]',
        '    | ^^^^^^^^^',
        '    = help: did you mean `platforms`?',
        '',
      ].join('\n'),
    );
    expect(await explain('plan/nothing-to-remove')).toContain('  a warning: the command goes on\n');
    expect(JSON.parse(await explain('registry/unreachable', '--json'))).toMatchObject({
      code: 'registry/unreachable',
      exitCode: 5,
      retryable: true,
    });
  });

  test('is suggested for one that is none', async () => {
    const { status, stderr } = await run('explain', 'recipe/unknwon-key');
    expect([status, stderr]).toEqual([2, expect.stringContaining('did you mean `recipe/unknown-key`?')]);
  });
});
