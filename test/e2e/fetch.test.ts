/**
 * Files and archives of the web in an image: pinned by the recipe or by oci.lock, fetched once, refused where they are
 * others. The server is on loopback; the command runs in this process, but where the network is cut.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, encodedOf } from '../../src/core/digest/digest.ts';
import type { CommandRun } from '../rigs/command.ts';
import { runCommand } from '../rigs/command.ts';
import { runInProcess } from '../rigs/command-in-process.ts';
import { networkCut } from '../rigs/network-cut.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { type RecordingListener, type Reply, startListener } from '../rigs/recording-listener.ts';
import { tarOf } from '../io/source/sample-image.ts';
import { createContext } from '../io/source/sample-context.ts';

const tool = { amd64: 'tool for amd64', arm64: 'tool for arm64' };
const hex = (content: string | Uint8Array): string => encodedOf(digestOf(Buffer.from(content)));

let server: RecordingListener;
let project: Project;
let files: Record<string, string | Uint8Array | Reply>;

beforeEach(async () => {
  files = { '/tool-amd64': tool.amd64, '/tool-arm64': tool.arm64 };
  server = await startListener(({ path }) => {
    const found = files[path];
    if (found === undefined) return { status: 404 };
    return typeof found === 'object' && 'status' in found ? found : { status: 200, body: found };
  });
  project = makeProject(recipe());
});
afterEach(async () => {
  await server.stop();
  project.remove();
});

const url = (name: string): string => `${server.origin}/${name}`;
const recipe = (more = ''): string =>
  [
    'image: example.org/app',
    'platforms: [linux/amd64, linux/arm64]',
    'layers:',
    `  - fetch: ${url('tool-${{ platform.arch }}')}`,
    '    to: /bin/',
    '    mode: "0755"',
    more,
  ].join('\n');
const run = (...args: readonly string[]): Promise<CommandRun> => runInProcess(args, project.options);
const succeed = async (...args: readonly string[]): Promise<string> => {
  const { status, stdout, stderr } = await run(...args);
  if (status !== 0) throw new Error(stderr);
  return stdout;
};
const lockText = (): string => readFileSync(join(project.folder, 'oci.lock'), 'utf8');

describe('a fetched file', () => {
  it('stands in the image of each platform, pinned; afterwards nobody is asked', async () => {
    const built = await succeed('build', '-q');
    expect(lockText()).toContain(
      [
        'fetched:',
        `  ${url('tool-amd64')}:`,
        `    sha256: ${hex(tool.amd64)}`,
        `    size: ${String(tool.amd64.length)}`,
        `  ${url('tool-arm64')}:`,
      ].join('\n'),
    );
    const listed = await succeed(
      'ls',
      `store:${built.trim().replace(/^.*@/, '')}`,
      '--platform',
      'linux/arm64',
      '--json',
    );
    expect(JSON.stringify(JSON.parse(listed))).toContain('bin/tool-arm64');
    const asked = server.requests.length;
    expect(asked).toBe(2);
    expect(await succeed('build', '-q', '--no-cache', '--frozen-lockfile')).toBe(built);
    expect(await succeed('build', '-q', '--offline')).toBe(built);
    expect(await succeed('lock', '--check')).toBe('oci.lock is up to date\n');
    expect(server.requests).toHaveLength(asked);
    if (networkCut === undefined) return;
    const cut = runCommand(['build', '-q', '--no-cache'], { ...project.options, through: networkCut });
    expect([cut.status, cut.stdout]).toEqual([0, built]);
  });

  it('of other bytes than the lock pins is refused at its line, and nothing is stored', async () => {
    await succeed('lock');
    project.write('oci.lock', lockText().replace(hex(tool.amd64), 'a'.repeat(64)));
    rmSync(project.options.cache, { recursive: true });
    const { status, stderr } = await run('build', '-q');
    expect(status).toBe(4);
    expect(stderr).toContain('error[download/differs]');
    expect(stderr).toContain('--> oci.lock:7:13');
    expect(stderr).toContain(`layerwright update ${url('tool-amd64')}`);
  });

  it('pinned by the recipe needs no line of the lock', async () => {
    const pinned = (sha256: string): string =>
      `image: example.org/app\nlayers:\n  - { fetch: "${url('tool-amd64')}", to: /t, sha256: ${sha256} }\n`;
    project.write('oci.config.yaml', pinned(hex(tool.amd64)));
    await succeed('build', '-q', '--frozen-lockfile');
    project.write('oci.config.yaml', pinned('b'.repeat(64)));
    expect((await run('build', '-q')).status).toBe(4);
  });

  it('that moves is said by outdated and moved by update, and explain knows why', async () => {
    await succeed('build', '-q');
    expect(await succeed('outdated')).toBe('');
    files['/tool-amd64'] = 'another tool';
    const outdated = await run('outdated', '--exit-code');
    expect([outdated.status, outdated.stdout]).toEqual([
      10,
      expect.stringMatching(
        new RegExp(`tool-amd64 +sha256:${hex(tool.amd64)} +sha256:${hex('another tool')}`),
      ),
    ]);
    expect(await succeed('update', url('tool-arm64'))).toContain('is up to date');
    expect(await succeed('update', url('tool-amd64'))).toMatch(
      /^moved +http.*tool-amd64 +sha256:.* → sha256:/,
    );
    expect((await run('update', 'no-such-thing')).status).toBe(2);
    await succeed('build', '-q');
    const explained = await succeed('explain', `fetch ${url('tool-amd64')}`);
    expect(explained).toContain('oci.lock');
    expect(explained).toContain(hex('another tool').slice(0, 12));
  });

  it('that is not there, or for others only, is said with its host', async () => {
    delete files['/tool-arm64'];
    const gone = await run('build', '-q');
    expect([gone.status, gone.stderr]).toEqual([5, expect.stringContaining('answered 404')]);
    files['/tool-arm64'] = { status: 401 };
    const closed = await run('build', '-q');
    expect([closed.status, closed.stderr]).toEqual([
      6,
      expect.stringContaining('.netrc has no entry for 127.0.0.1'),
    ]);
    project.write('.netrc', 'machine 127.0.0.1 login alice password canary-word');
    const refused = await run('build', '-q');
    expect(refused.stderr).toContain('the entry for 127.0.0.1 in');
    expect(refused.stderr).not.toContain('canary-word');
    const sent = Buffer.from('alice:canary-word').toString('base64');
    expect(server.requests.at(-1)?.headers.authorization).toBe(`Basic ${sent}`);
    expect((await run('build', '-q', '--offline')).status).toBe(2);
  });
});

describe('a fetched archive', () => {
  it('is read as one of the context is', async () => {
    const bytes = gzipSync(tarOf(createContext({ 'pkg/a': 'content of a', 'pkg/b': 'b' })));
    files['/x.tgz'] = bytes;
    project.write(
      'oci.config.yaml',
      `image: example.org/app\nlayers:\n  - { archive: "${url('x.tgz')}", strip: 1, to: /opt }\n`,
    );
    const built = await succeed('build', '-q');
    expect(lockText()).toContain(hex(bytes));
    project.write('x.tgz', bytes);
    project.write(
      'oci.config.yaml',
      'image: example.org/app\nlayers:\n  - { archive: x.tgz, strip: 1, to: /opt }\n',
    );
    const local = await succeed('ls', `store:${(await succeed('build', '-q')).trim().replace(/^.*@/, '')}`);
    expect(await succeed('ls', `store:${built.trim().replace(/^.*@/, '')}`)).toBe(local);
    files['/x.tgz'] = 'no archive at all';
    project.write('oci.config.yaml', `image: example.org/app\nlayers:\n  - archive: "${url('x.tgz')}"\n`);
    rmSync(project.options.cache, { recursive: true });
    expect((await run('build', '-q')).status).toBe(4);
  });
});
