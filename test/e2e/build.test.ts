/** `build` and `plan` as a user runs them: what stands on stdout, what is built and why, what is left behind. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { builtCommand, runCommand } from '../rigs/command.ts';
import { makeProject, type Project } from '../rigs/project.ts';

const recipe = `
image: registry.example/acme/api:1.4.0
layers:
  - copy: dist
    to: /app/dist
  - name: settings
    file: /etc/api.conf
    content: "port=8080"
cmd: [/app/dist/server]
`;

let project: Project;
function start(text = recipe): Project {
  project = makeProject(text, { 'dist/server': 'one', 'dist/routes': 'two' });
  return project;
}
afterEach(() => {
  project.remove();
});

/** `sha256:…` of the only line. */
function digestOf(stdout: string): string {
  return /@(sha256:[0-9a-f]{64})\n$/.exec(stdout)?.[1] ?? `no digest in ${stdout}`;
}

describe('build', () => {
  test('prints the reference with its digest on stdout, and nothing else there', () => {
    expect(start().succeed('build')).toMatch(/^registry\.example\/acme\/api:1\.4\.0@sha256:[0-9a-f]{64}\n$/);
  });

  test('prints the bare digest without a name', () => {
    expect(start(recipe.replace(/^image.*$/m, '')).succeed('build')).toMatch(/^sha256:[0-9a-f]{64}\n$/);
  });

  test('warns where the image holds what is written with it, and not before', () => {
    start();
    const where = ['-o', 'oci:dist/out', '-o', 'oci-archive:dist/out.tar', '-o', 'oci:di'];
    expect(project.run('build', ...where).stderr).not.toContain('output-in-image');
    const { status, stderr } = project.run('build', ...where);
    expect(status).toBe(0);
    const warned = stderr.match(/warning\[command\/output-in-image\] \S+/g);
    expect(warned?.map((line) => line.split(' ')[1])).toEqual(['oci:dist/out', 'oci-archive:dist/out.tar']);
  });

  test('a second time executes nothing and says so', () => {
    const first = start().succeed('build');
    const { stdout, stderr } = project.run('build');
    expect(stdout).toBe(first);
    expect(stderr).toContain('nothing to do: all 3 cached');
    expect(stderr).not.toMatch(/ {2}(start|done) +(?!nothing| )/);
  });

  test('after one changed file makes exactly its layer and image again, and names the file', () => {
    start().succeed('build');
    project.write('dist/routes', 'changed');
    const { stderr } = project.run('build', '--progress', 'json');
    const events = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const finished = events.filter(({ type }) => type === 'action-finished');
    const told = finished.map(({ label, outcome, reason }) => [label, outcome, reason].join(': '));
    expect(told.sort()).toEqual([
      'copy dist: built: 1 file changed: routes',
      'image api: built: changed: copy dist',
      'settings: cached: nothing changed',
    ]);
  });

  test('runs what --no-cache=LABEL names, and refuses a label that is not there', () => {
    start().succeed('build');
    expect(project.run('build', '--no-cache=settings').stderr).toContain('1 action to run, 2 cached');
    expect(project.run('build', '--no-cache').stderr).toContain('3 actions to run, 0 cached');
    const { status, stderr } = project.run('build', '--no-cache=setings');
    expect(status).toBe(2);
    expect(stderr).toContain('did you mean `settings`?');
  });

  test('names the image as -t says', () => {
    expect(start().succeed('build', '-t', 'localhost:5000/other:2,localhost:5000/other:3')).toMatch(
      /^localhost:5000\/other:2@/,
    );
    expect(project.run('build', '-t', 'a:1', '-t', 'b:1')).toMatchObject({ status: 2, stdout: '' });
  });

  test('writes the digest, and metadata with the keys of buildx', () => {
    const digest = digestOf(
      start().succeed('build', '--digest-file', 'digest', '--metadata-file', 'meta.json'),
    );
    expect(readFileSync(join(project.folder, 'digest'), 'utf8')).toBe(`${digest}\n`);
    expect(JSON.parse(readFileSync(join(project.folder, 'meta.json'), 'utf8'))).toMatchObject({
      'containerimage.digest': digest,
      'containerimage.descriptor': { digest, mediaType: 'application/vnd.oci.image.manifest.v1+json' },
      'image.name': 'registry.example/acme/api:1.4.0',
    });
  });

  test('with --json prints one document of the images', () => {
    const { images } = JSON.parse(start().succeed('build', '--json', '-q')) as { images: { name: string }[] };
    expect(images.map(({ name }) => name)).toEqual(['api']);
  });

  test('takes values for arguments from the command line, else the environment, else the default', () => {
    start(`args: { V: { env: GIVEN, default: d } }\n${recipe.replace('1.4.0', '${{ args.V }}')}`);
    expect(project.succeed('build', '-q')).toContain('api:d@');
    const options = { ...project.options, env: { GIVEN: 'e' } };
    expect(runCommand(['build', '-q'], options).stdout).toContain('api:e@');
    expect(runCommand(['build', '-q', '--arg', 'V=a=b'], options).stderr).toContain('a=b');
    expect(runCommand(['build', '-q', '--arg', 'V=c'], options).stdout).toContain('api:c@');
  });

  test('reads a recipe from standard input', () => {
    start();
    const run = runCommand(['build', '-q', '-f', '-'], {
      ...project.options,
      input: recipe.replace('1.4.0', 'stdin'),
    });
    expect(run.stdout).toContain('api:stdin@');
  });

  test('leaves nothing behind when it is interrupted, and the next build works', async () => {
    start();
    project.write('dist/large', Buffer.alloc(60_000_000, 'layerwright is building'));
    const child = spawn(process.execPath, [builtCommand, 'build', '-o', 'oci:out', '--progress', 'plain'], {
      cwd: project.folder,
      env: { PATH: process.env['PATH'], HOME: '/', LAYERWRIGHT_CACHE_DIR: project.options.cache },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const code = new Promise((resolve) => child.once('close', resolve));
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (text: Buffer) => {
        if (text.includes('copy dist  start')) resolve();
      });
    });
    const began = performance.now();
    child.kill('SIGINT');
    expect(await code).toBe(130);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(readdirSync(project.folder)).toEqual(['dist', 'oci.config.yaml']);
    expect(readdirSync(join(project.options.cache, 'store/tmp'))).toEqual([]);
    project.succeed('build', '-q');
  });

  test('ends quietly when nobody reads its output', () => {
    start();
    const script = `"$0" "$1" build 2>&1 | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, builtCommand], {
      cwd: project.folder,
      encoding: 'utf8',
      env: { ...process.env, LAYERWRIGHT_CACHE_DIR: project.options.cache },
    });
    expect([stdout, stderr]).toEqual(['0\n', '']);
  });
});

describe('outputs', () => {
  const platforms = 'platforms: [linux/amd64, linux/arm64]\n';

  test('that name the platform get one platform each, others the whole image', () => {
    const outputs = 'outputs: ["oci:out/all", "bundle:out/${{ platform.arch }}"]\n';
    start(`${platforms}${outputs}annotations: { arch: "\${{ platform.arch }}", same: x }\n${recipe}`).succeed(
      'build',
      '-q',
    );
    const index = JSON.parse(project.succeed('inspect', '--raw', 'oci:out/all', '-q')) as {
      annotations: unknown;
    };
    expect(index.annotations).toEqual({ same: 'x' });
    const config = readFileSync(join(project.folder, 'out/arm64/config.json'), 'utf8');
    expect(config).toContain('"org.opencontainers.image.architecture": "arm64"');
    expect(existsSync(join(project.folder, 'out/amd64/rootfs/app/dist/server'))).toBe(true);
  });

  test('that hold one platform refuse an image of several', () => {
    const { status, stderr } = start(`${platforms}${recipe}`).run(
      'build',
      '-q',
      '-o',
      'docker-archive:out.tar',
    );
    expect([status, stderr.split('\n')[0]]).toEqual([
      2,
      expect.stringContaining('error[transport/one-platform]'),
    ]);
    expect(readdirSync(project.folder)).toEqual(['dist', 'oci.config.yaml']);
  });
});

describe('plan', () => {
  test('says cached or will build and why, and writes nothing anywhere', () => {
    const text = start().succeed('plan');
    expect(text).toMatch(/^copy dist +[0-9a-f]{12} +will build: first build$/m);
    expect(existsSync(project.options.cache)).toBe(false);
    expect(readdirSync(project.folder)).toEqual(['dist', 'oci.config.yaml']);
    project.succeed('build', '-q');
    const before = listing(project.options.cache);
    expect(project.succeed('plan')).not.toContain('will build');
    expect(listing(project.options.cache)).toEqual(before);
  });

  test('ends with 10 under --exit-code while there is something to build', () => {
    expect(start().run('plan', '--exit-code').status).toBe(10);
    project.succeed('build', '-q');
    expect(project.run('plan', '--exit-code').status).toBe(0);
  });

  test('draws a graph', () => {
    expect(start().succeed('plan', '--graph', 'mermaid')).toBe(
      'flowchart LR\n  a0["copy dist"]\n  a1["settings"]\n  a2["image api"]\n  a0 --> a2\n  a1 --> a2\n',
    );
  });

  test('gives a plan that builds elsewhere, without the recipe, to the same digest', () => {
    start().succeed('plan', '--out', 'plan.json', '-q');
    const here = digestOf(project.succeed('build', '-q'));
    rmSync(join(project.folder, 'oci.config.yaml'));
    rmSync(project.options.cache, { recursive: true });
    expect(digestOf(project.succeed('build', '--plan', 'plan.json', '-q'))).toBe(here);
  });

  test('that was made for other files is refused when it is built, with nothing recorded', () => {
    start().succeed('plan', '--out', 'plan.json', '-q');
    project.write('dist/server', 'other');
    const { status, stderr } = project.run('build', '--plan', 'plan.json', '-q');
    expect(status).toBe(1);
    expect(stderr).toContain('dist/server');
  });
});

/** Every file with its time, so that a touch shows. */
function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => `${name} ${String(statSync(join(folder, name)).mtimeMs)}`);
}
