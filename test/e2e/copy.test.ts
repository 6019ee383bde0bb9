/** `copy` and `push`: images between transports, digests unchanged. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { builtCommand } from '../rigs/command.ts';
import { type DockerRegistry, hasProgram, startDockerRegistry } from '../rigs/docker-registry.ts';
import { makeProject, type Project } from '../rigs/project.ts';

const recipe = `
image: registry.example/acme/api:1.4.0
platforms: [linux/amd64, linux/arm64]
outputs: ["oci:out"]
layers:
  - copy: dist
  - file: /etc/arch
    content: \${{ platform.arch }}
cmd: [/server]
`;

let project: Project;
let digest = '';
function build(text = recipe): void {
  project = makeProject(text, { 'dist/server': 'one' });
  digest = digestIn(project.succeed('build', '-q'));
}
afterEach(() => {
  project.remove();
});

function digestIn(text: string): string {
  return /sha256:[0-9a-f]{64}/.exec(text)?.[0] ?? `no digest in ${text}`;
}

/** The digest that a reference names. */
function named(reference: string, ...flags: readonly string[]): string {
  return digestIn(project.succeed('inspect', reference, ...flags));
}

describe('copy', () => {
  test('keeps the digest of an index through every transport that holds one', () => {
    build();
    expect(project.succeed('copy', '-q', 'oci:out', 'oci-archive:a.tar')).toBe(
      `oci-archive:a.tar@${digest}\n`,
    );
    expect(project.succeed('copy', '-q', 'oci-archive:a.tar', 'oci:b')).toBe(`oci:b@${digest}\n`);
    expect(project.succeed('copy', '-q', `store:${digest}`, 'oci:c')).toBe(`oci:c@${digest}\n`);
    expect(['oci:b', 'oci:c', 'oci-archive:a.tar'].map((reference) => named(reference))).toEqual(
      Array(3).fill(digest),
    );
  });

  test('through a docker-archive keeps the digest of a manifest', () => {
    build();
    const amd64 = named('oci:out', '--platform', 'linux/amd64');
    expect(amd64).not.toBe(digest);
    project.succeed('copy', '-q', '--platform', 'linux/amd64', 'oci:out', 'docker-archive:d.tar');
    expect(project.succeed('copy', '-q', 'docker-archive:d.tar', 'oci:d')).toBe(`oci:d@${amd64}\n`);
  });

  test('moves the whole index unless a platform is picked', () => {
    build();
    expect(project.succeed('copy', '-q', '--platform', 'all', 'oci:out', 'oci:all')).toContain(digest);
    const arm64 = named('oci:out', '--platform', 'linux/arm64');
    expect(project.succeed('copy', '-q', '--platform', 'linux/arm64', 'oci:out', 'oci:arm64')).toBe(
      `oci:arm64@${arm64}\n`,
    );
    expect(readdirSync(join(project.folder, 'arm64', 'blobs/sha256'))).toHaveLength(4);
  });

  test('of several platforms makes an index of those alone, and says that its digest is another', () => {
    build(recipe.replace('linux/arm64]', 'linux/arm64, linux/s390x]'));
    const { stdout, stderr } = project.run(
      'copy',
      '--platform',
      'linux/s390x,linux/amd64',
      'oci:out',
      'oci:x',
    );
    const narrow = digestIn(stdout);
    expect(narrow).not.toBe(digest);
    expect(stderr).toContain(`out becomes an index of linux/amd64, linux/s390x, whose digest is ${narrow}`);
    for (const platform of ['linux/amd64', 'linux/s390x'])
      expect(named('oci:x', '--platform', platform)).toBe(named('oci:out', '--platform', platform));
    expect(project.run('inspect', 'oci:x', '--platform', 'linux/arm64').stderr).toContain(
      'it has linux/amd64, linux/s390x',
    );
    const all = 'linux/amd64,linux/arm64,linux/s390x';
    expect(project.succeed('copy', '-q', '--platform', all, 'oci:out', 'oci:all')).toContain(digest);
  });

  test('takes the names of an image along, for docker and containerd', () => {
    build();
    project.succeed('copy', '-q', '--platform', 'linux/amd64', 'oci:out', 'docker-archive:d.tar');
    project.succeed('copy', '-q', 'docker-archive:d.tar', 'oci:d');
    for (const layout of ['out', 'd']) {
      const index = readFileSync(join(project.folder, layout, 'index.json'), 'utf8');
      expect(JSON.parse(index)).toMatchObject({
        manifests: [
          {
            annotations: {
              'io.containerd.image.name': 'registry.example/acme/api:1.4.0',
              'org.opencontainers.image.ref.name': '1.4.0',
            },
          },
        ],
      });
    }
  });

  test('of all tags copies each image of a layout under its own tag', () => {
    build();
    project.succeed('copy', '-q', 'oci:out', 'oci:many:one');
    project.write('dist/server', 'two');
    const other = digestIn(project.succeed('build', '-q', '-o', 'oci:many:two'));
    expect(project.succeed('copy', '-q', '--all-tags', 'oci:many', 'oci:again')).toBe(
      `oci:again:one@${digest}\noci:again:two@${other}\n`,
    );
    expect([named('oci:again:one'), named('oci:again:two')]).toEqual([digest, other]);
  });

  test('says what moved, and gives programs the receipt', () => {
    build();
    const { stderr } = project.run('copy', 'oci:out', 'oci:b');
    expect(stderr).toMatch(/oci:b {2}done {3}wrote 8 blobs \(\d\.\d kB\) \(\d+\.\d\ds\)\n$/);
    expect(JSON.parse(project.succeed('copy', '--json', '-q', 'oci:out', 'oci:b'))).toEqual({
      destination: 'oci:b',
      digest,
      moved: 0,
      present: 8,
      bytes: 0,
    });
  });

  test('keeps the other images of a layout, each under its own tag', () => {
    build();
    project.succeed('copy', '-q', 'oci:out', 'oci:many:one');
    project.write('dist/server', 'two');
    const other = digestIn(project.succeed('build', '-q', '-o', 'oci:many:two'));
    expect([named('oci:many:one'), named('oci:many:two')]).toEqual([digest, other]);
    const { status, stderr } = project.run('inspect', 'oci:many');
    expect(status).toBe(2);
    expect(stderr).toContain('it holds `one`, `two`');
  });

  test.each([
    [['oci:nowhere', 'oci:x'], 2, 'transport/not-found'],
    [['oci:out', 'oic:x'], 2, 'command/bad-argument'],
    [['oci:out', 'store:sha256:0'], 2, 'command/bad-argument'],
    [['bundle:x', 'oci:x'], 2, 'command/bad-argument'],
    [['oci:out', 'oci:dist'], 7, 'transport/not-ours'],
    [['oci:out', 'docker-archive:x.tar', '--platform', 'linux/s390x'], 2, 'command/no-such-platform'],
    [['oci:out'], 2, 'command/bad-argument'],
    [['--all-tags', 'oci:out:1.4.0', 'oci:x'], 2, 'command/bad-argument'],
    [['--all-tags', 'oci:out', 'oci-archive:x'], 2, 'command/bad-argument'],
    [['--platform', 'linux/amd64,linux/s390x', 'oci:out', 'oci:x'], 2, 'command/no-such-platform'],
  ] as const)('%o ends with %i', (args, exit, code) => {
    build();
    const { status, stdout, stderr } = project.run('copy', ...args);
    expect(stderr).toContain(`error[${code}]`);
    expect([status, stdout]).toEqual([exit, '']);
    expect(existsSync(join(project.folder, 'x'))).toBe(false);
  });
});

describe.skipIf(!hasProgram('docker-registry'))(
  'push and copy with a registry (needs docker-registry)',
  () => {
    let registry: DockerRegistry;
    beforeAll(async () => {
      registry = await startDockerRegistry();
    });
    afterAll(async () => {
      await registry.stop();
    });

    test('push prints the digest that was built, and says what was there already', () => {
      build();
      const first = project.run('push', 'oci:out', `${registry.host}/acme/api:1`);
      expect(first.stdout).toBe(`${registry.host}/acme/api:1@${digest}\n`);
      expect(first.stderr).toMatch(/pushed 8 blobs \(\d\.\d kB\) \(/);
      const second = project.run('push', 'oci:out', `${registry.host}/acme/api:2`);
      expect(second.stderr).toContain('pushed 0 blobs (0 B), 8 already there');
      expect(named(`${registry.host}/acme/api:2`)).toBe(digest);
    });

    test('build --push pushes to every tag of the image, and nowhere without being asked', () => {
      build(recipe.replace('registry.example', registry.host));
      const names = registry.accessLog().split('/v2/acme/pushed/').length;
      expect(names).toBe(1);
      const out = project.succeed(
        'build',
        '-q',
        '--push',
        '-t',
        `${registry.host}/acme/pushed:a,${registry.host}/acme/pushed:b`,
      );
      expect(out).toBe(`${registry.host}/acme/pushed:a@${digest}\n`);
      for (const tag of ['a', 'b']) expect(named(`${registry.host}/acme/pushed:${tag}`)).toBe(digest);
    });

    test('copy brings it back, whole or one platform, with the same digests', () => {
      build();
      const reference = `${registry.host}/acme/back:1`;
      project.succeed('push', '-q', `store:${digest}`, reference);
      const { stdout, stderr } = project.run('copy', reference, 'oci:back');
      expect(stdout).toBe(`oci:back@${digest}\n`);
      expect(stderr).toContain('start  reading');
      const arm64 = named('oci:out', '--platform', 'linux/arm64');
      expect(project.succeed('copy', '-q', '--platform', 'linux/arm64', reference, 'oci:arm64')).toContain(
        arm64,
      );
      expect(project.succeed('inspect', '--raw', reference)).toBe(
        readFileSync(join(project.folder, 'out/blobs', digest.replace(':', '/')), 'utf8'),
      );
    });

    test('push goes to registries alone', () => {
      build();
      const { status, stderr } = project.run('push', 'oci:out', 'oci:elsewhere');
      expect(status).toBe(2);
      expect(stderr).toContain('`layerwright copy` writes to every transport');
    });

    test('what the registry does not have ends with 5, and what does not answer too', () => {
      build();
      expect(project.run('inspect', `${registry.host}/acme/nothing:1`)).toMatchObject({
        status: 5,
        stdout: '',
      });
      const { status, stderr } = project.run('push', '--json', 'oci:out', '127.0.0.1:1/acme/api');
      expect(status).toBe(5);
      const last = stderr.trimEnd().split('\n').at(-1) ?? '';
      expect(JSON.parse(last)).toMatchObject({
        diagnostics: [{ code: 'registry/unreachable', exitCode: 5, retryable: true }],
      });
    });
  },
);

describe('a registry that stays silent', () => {
  test.each(['inspect HOST/a', 'copy HOST/a oci:x', 'push oci:out HOST/a', 'build -q -o HOST/a/b'])(
    'holds up no Ctrl-C: %s',
    async (call) => {
      build();
      const server = createServer();
      await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
      const address = server.address();
      const host = `127.0.0.1:${String(typeof address === 'object' ? address?.port : '')}`;
      const child = spawn(process.execPath, [builtCommand, ...call.replace('HOST', host).split(' ')], {
        cwd: project.folder,
        env: { PATH: process.env['PATH'], HOME: '/', LAYERWRIGHT_CACHE_DIR: project.options.cache },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
      server.once('connection', (socket) => {
        socket.on('error', () => undefined);
        child.kill('SIGINT');
      });
      const began = performance.now();
      const status = await new Promise((settle) => child.once('close', settle));
      server.close();
      expect([status, stdout]).toEqual([130, '']);
      expect(performance.now() - began).toBeLessThan(8000);
      expect(existsSync(join(project.folder, 'x'))).toBe(false);
    },
  );
});
