/**
 * oci.lock with a base in docker-registry 2.8.2: a build with a full lock and a warm store passes with the network cut, a
 * tampered lock fails with its line, and a tag that has moved moves no build until `update` says so.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtCommand, type CommandRun, runCommand } from '../rigs/command.ts';
import { type DockerRegistry, hasProgram, startDockerRegistry } from '../rigs/docker-registry.ts';
import { networkCut } from '../rigs/network-cut.ts';
import { makeProject, type Project } from '../rigs/project.ts';

const slow = 120_000;
const canRun = hasProgram('docker-registry') && networkCut !== undefined;

describe.skipIf(!canRun)('a locked recipe (needs docker-registry and network namespaces)', () => {
  let registry: DockerRegistry;
  let project: Project;

  beforeAll(async () => {
    registry = await startDockerRegistry();
  });
  afterAll(async () => {
    await registry.stop();
  });
  beforeEach(({ onTestFinished }) => {
    pushBase('first');
    project = makeProject(recipeOn(base()), { 'dist/server': 'one' });
    onTestFinished(() => {
      project.remove();
    });
  }, slow);

  const base = (tag = '1'): string => `${registry.host}/acme/base:${tag}`;
  const recipeOn = (reference: string, more = ''): string =>
    `image: example.org/app\nfrom: ${reference}\nplatforms: [linux/amd64, linux/arm64]\n${more}layers:\n  - copy: dist\n    to: /srv\n`;

  /** Another content under the same tag gives it another digest. */
  function pushBase(content: string, tag = '1'): string {
    const made = makeProject(
      `platforms: [linux/amd64, linux/arm64]\nlayers:\n  - { file: /etc/base, content: ${content} }\n`,
    );
    const digest = made.succeed('build', '-q', '--push', '-t', base(tag)).trim().replace(/^.*@/, '');
    made.remove();
    return digest;
  }

  const lockText = (): string => readFileSync(join(project.folder, 'oci.lock'), 'utf8');
  const cut = (...args: readonly string[]): CommandRun =>
    runCommand(args, { ...project.options, through: networkCut ?? [] });
  const requests = (act: () => unknown): number => {
    const before = registry.accessLog().length;
    act();
    return registry.accessLog().slice(before).split('\n').length - 1;
  };

  test('builds with the network cut once its lock is full and its store warm', { timeout: slow }, () => {
    const built = project.succeed('build', '-q');
    const written = lockText();
    const { status, stdout } = cut('build', '-q');
    expect([status, stdout]).toEqual([0, built]);
    expect(cut('build', '-q', '--frozen-lockfile', '--offline', '--no-cache').stdout).toBe(built);
    expect(cut('plan', '-q').status).toBe(0);
    expect(cut('lock', '--check').stdout).toBe('oci.lock is up to date\n');
    expect(lockText()).toBe(written);
    expect(requests(() => project.succeed('build', '-q'))).toBe(0);
  });

  test('builds a changed source with the network cut, files of an image included', { timeout: slow }, () => {
    const taken = `  - image: ${base()}\n    from: /etc\n    to: /taken\n`;
    project.write('oci.config.yaml', `${recipeOn(base())}${taken}`);
    project.succeed('build', '-q');
    project.write('dist/server', 'two');
    expect(cut('build', '-q').status).toBe(0);
  });

  test.each([
    {
      what: 'swapped platforms',
      tampered: swap,
      exit: 4,
      says: /error\[lock\/mismatch\][^\n]*\n --> oci\.lock:9:20/,
    },
    {
      what: 'another manifest',
      tampered: (text: string) => tamper(text, /arm64: sha256:\w{4}/),
      exit: 4,
      says: /error\[lock\/mismatch\][^\n]*\n --> oci\.lock:10:20/,
    },
    {
      what: 'another index',
      tampered: (text: string) => tamper(text, /digest: sha256:\w{4}/),
      exit: 5,
      says: /error\[registry\/\w+\] [^\n]*sha256:\w{64}[^\n]*\n --> oci\.lock:7:13/,
    },
    {
      what: 'broken digest',
      tampered: (text: string) => text.replace('sha256:', 'sha255:'),
      exit: 2,
      says: /error\[lock\/unreadable\][^\n]*\n --> oci\.lock:7:13/,
    },
    {
      what: 'merge conflict',
      tampered: (text: string) => `${text}<<<<<<< HEAD\n`,
      exit: 2,
      says: /error\[lock\/unreadable\][^\n]*\n --> oci\.lock:11:1/,
    },
    {
      what: 'another format',
      tampered: (text: string) => text.replace('layerFormat: 1', 'layerFormat: 7'),
      exit: 2,
      says: /error\[lock\/layer-format\][^\n]*\n --> oci\.lock:4:14/,
    },
  ])('fails with the line of a tampered lock: $what', { timeout: slow }, ({ tampered, exit, says }) => {
    project.succeed('build', '-q');
    project.write('oci.lock', tampered(lockText()));
    for (const run of [cut('build', '-q'), project.run('build', '-q', '--offline')]) {
      expect([run.status, run.stdout]).toEqual([exit, '']);
      expect(run.stderr).toMatch(says);
    }
  });

  test('stays where it is when the tag moves, until `update` moves it', { timeout: slow }, () => {
    const built = project.succeed('build', '-q');
    const first = /digest: (\S+)/.exec(lockText())?.[1] ?? '';
    expect(project.succeed('outdated')).toBe('');
    const second = pushBase('second');
    expect(project.succeed('build', '-q', '--no-cache')).toBe(built);
    const { status, stdout } = project.run('outdated', '--exit-code');
    expect(status).toBe(10);
    expect(stdout.split('\n')[1]?.split(/ +/)).toEqual([base(), first, second]);
    expect(JSON.parse(project.succeed('outdated', '--json'))).toEqual({
      outdated: [{ reference: base(), locked: first, now: second }],
    });
    expect(project.succeed('lock')).toBe('oci.lock is up to date\n');
    expect(project.succeed('update', `${registry.host}/acme/base`)).toBe(
      `moved    ${base()}  ${first} → ${second}\n`,
    );
    expect(project.succeed('build', '-q')).not.toBe(built);
    expect(project.run('outdated', '--exit-code').status).toBe(0);
  });

  test(
    'with nothing pinned is planned and frozen by nobody, and says which line asks',
    { timeout: slow },
    () => {
      for (const args of [
        ['plan'],
        ['build', '--offline'],
        ['build', '--frozen-lockfile'],
        ['lock', '--check'],
      ]) {
        const { status, stderr } = project.run(...args, '-q');
        expect(status).toBe(2);
        expect(stderr).toContain('error[lock/missing]');
        expect(stderr).toContain('--> oci.config.yaml:2:7');
      }
      const inCi = { ...project.options, env: { CI: 'true' } };
      expect(runCommand(['build', '-q'], inCi).status).toBe(2);
      expect(runCommand(['build', '-q', '--no-frozen-lockfile'], inCi).status).toBe(0);
      expect(runCommand(['build', '-q'], inCi).status).toBe(0);
    },
  );

  test(
    'gets a missing entry beside what the lock says, and loses a stale one by `lock`',
    { timeout: slow },
    () => {
      project.succeed('build', '-q');
      pushBase('other', '2');
      const [kept] = /^.*:1:\n.*\n.*\n.*\n.*\n/m.exec(lockText()) ?? [''];
      project.write('oci.config.yaml', recipeOn(base('2')));
      project.succeed('build', '-q');
      expect(lockText()).toContain(kept);
      const { status, stderr } = project.run('build', '-q', '--frozen-lockfile');
      expect(status).toBe(2);
      expect(stderr).toMatch(/error\[lock\/stale\].*acme\/base:1`\n --> oci\.lock:6:3/);
      expect(project.succeed('lock')).toMatch(/^removed {2}\S+acme\/base:1 {2}sha256:\w{64}\n$/);
      expect(project.run('build', '-q', '--frozen-lockfile').status).toBe(0);
    },
  );

  test('gets a new platform of the pinned index, not of where the tag points now', { timeout: slow }, () => {
    project.write('oci.config.yaml', recipeOn(base()).replace(', linux/arm64', ''));
    project.succeed('build', '-q');
    const [digest] = /digest: \S+/.exec(lockText()) ?? [''];
    pushBase('moved');
    project.write('oci.config.yaml', recipeOn(base()));
    expect(project.run('build', '-q', '--frozen-lockfile').stderr).toContain('for linux/arm64');
    project.succeed('build', '-q');
    expect(lockText()).toContain(digest);
    expect(lockText()).toContain('linux/arm64: ');
  });

  test('loses nothing of several builds at once', { timeout: slow }, async () => {
    const tags = ['1', '2', '3'];
    for (const tag of tags) pushBase(`content ${tag}`, tag);
    const images = tags.map((tag) => `  image-${tag}: { from: '${base(tag)}' }\n`).join('');
    project.write('oci.config.yaml', `layers: [{ copy: dist }]\nimages:\n${images}`);
    expect(await Promise.all(tags.map((tag) => building(`image-${tag}`)))).toEqual([0, 0, 0]);
    for (const tag of tags) expect(lockText()).toContain(`  ${base(tag)}:\n`);
    expect(project.succeed('lock', '--check')).toBe('oci.lock is up to date\n');
    expect(readdirSync(project.folder).sort()).toEqual(['dist', 'oci.config.yaml', 'oci.lock']);
  });

  /** The exit code of a build that others run beside. */
  const building = (image: string): Promise<number | null> =>
    new Promise((ended) => {
      const { cwd, cache } = project.options;
      const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], LAYERWRIGHT_CACHE_DIR: cache };
      spawn(process.execPath, [builtCommand, 'build', image, '-q'], { cwd, env, stdio: 'ignore' }).on(
        'exit',
        ended,
      );
    });

  test('names what the store lacks where it is offline', { timeout: slow }, () => {
    project.succeed('lock');
    rmSync(project.options.cache, { recursive: true });
    const { status, stderr } = project.run('build', '-q', '--offline');
    expect(status).toBe(5);
    expect(stderr).toMatch(/error\[registry\/offline\] cannot \S+ manifest sha256:\w{64}/);
    expect(stderr).toContain('--> oci.lock:7:13');
  });
});

function tamper(text: string, at: RegExp): string {
  return text.replace(at, (found) => `${found.slice(0, -4)}0000`);
}

function swap(text: string): string {
  const [amd64 = '', arm64 = ''] = [/amd64: (\S+)/, /arm64: (\S+)/].map((one) => one.exec(text)?.[1] ?? '');
  return text.replace(amd64, 'SWAPPED').replace(arm64, amd64).replace('SWAPPED', arm64);
}
