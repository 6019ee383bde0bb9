/**
 * Folders above a layer's entries, in every engine: a usr-merged base stays usr-merged, and folders of unusual modes
 * keep them, although overlay2 and its like unpack a layer without seeing those below (docs/decisions/0004).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBusybox } from '../rigs/busybox-image.ts';
import { type CommandOptions, runCommand, succeed } from '../rigs/command.ts';
import { type Engine, type EngineRun, startContainerd, startDocker } from '../rigs/engines.ts';
import { preparePodman } from '../rigs/podman.ts';
import { rawTar } from '../rigs/raw-tar.ts';
import { crunHere, hasProgram, isRoot } from '../rigs/runtimes.ts';
import { type ScratchFolder, scratchFolder } from '../rigs/scratch-folder.ts';

const recipe = `
images:
  base:
    image: localhost/base
    layers:
      - archive: base.tar
  app:
    image: localhost/app
    from: image:base
    layers:
      - copy: tool
        to: /bin/tool
        mode: "0755"
      - file: /tmp/note
        content: hello
      - copy: tree
        to: /
      - group:
          - dir: /srv/deep/er
          - link: /lib/self
            target: tool
      - remove: /usr/bin/gone
    cmd: [/bin/tool]
`;

/** What a shell in the image sees: modes and owners of folders, links, what was added and what is gone. */
const tool = `#!/usr/bin/busybox sh
PATH=/usr/bin
for path in /tmp /srv /srv/deep /srv/deep/er /usr /usr/bin /opt /etc; do
  busybox stat -c '%n %a %u:%g' $path
done
for link in /bin /lib /lib/self; do busybox readlink $link; done
busybox cat /tmp/note /opt/inside /usr/bin/tool2
busybox ls /usr/bin
exit 7
`;

const expected = `/tmp 1777 0:0
/srv 2755 5:6
/srv/deep 755 0:0
/srv/deep/er 755 0:0
/usr 755 0:0
/usr/bin 711 0:0
/opt 700 0:0
/etc 755 3:4
usr/bin
usr/lib
tool
helloinsidesecondbusybox
tool
tool2
`;

const canRun = isRoot && hasBusybox;
const slow = 240_000;

describe.skipIf(!canRun)('folders above what a layer adds (needs root and busybox-static)', () => {
  let folder: ScratchFolder;
  let options: CommandOptions;
  beforeAll(() => {
    folder = scratchFolder('parents');
    options = { cwd: folder.path, cache: join(folder.path, 'cache') };
    writeProject(folder.path);
    succeed(['build', 'app', '-o', 'oci:layout:app', '-o', 'docker-archive:app.tar', '-q'], options);
  });
  afterAll(() => {
    folder.remove();
  });

  test.skipIf(!hasProgram('runc'))('are as the base has them in our bundle, under runc (needs runc)', () => {
    expectRun(runCommand(['run', 'oci:layout:app', '--runtime', 'runc', '-q'], options));
  });

  test.skipIf(!hasProgram('crun'))('are as the base has them in our bundle, under crun (needs crun)', () => {
    expectRun(runCommand(['run', 'oci:layout:app', '--runtime', crunHere(folder.path), '-q'], options));
  });

  test.skipIf(!hasProgram('umoci') || !hasProgram('runc'))(
    'are as the base has them in umoci (needs umoci)',
    () => {
      const bundle = join(folder.path, 'umoci');
      expect(run('umoci', ['unpack', '--image', `${join(folder.path, 'layout')}:app`, bundle])).toMatchObject(
        { status: 0 },
      );
      const config = join(bundle, 'config.json');
      writeFileSync(config, readFileSync(config, 'utf8').replace('"terminal": true', '"terminal": false'));
      expectRun(run('runc', ['run', '-b', bundle, `lw-parents-${String(process.pid)}`]));
    },
  );

  test.skipIf(!hasProgram('podman'))(
    'are as the base has them in podman (needs podman)',
    { timeout: slow },
    () => {
      const podman = preparePodman(join(folder.path, 'podman'));
      expect(podman.run('load', '-i', join(folder.path, 'app.tar'))).toMatchObject({ status: 0 });
      expectRun(podman.run('run', '--rm', '--network', 'none', 'localhost/app:latest'));
    },
  );

  test.skipIf(!hasProgram('dockerd') || !hasProgram('docker'))(
    'are as the base has them in docker (needs docker.io)',
    { timeout: slow },
    async () => {
      await withEngine(startDocker, (docker) => {
        expect(docker.run('load', '-i', join(folder.path, 'app.tar'))).toMatchObject({ status: 0 });
        expectRun(docker.run('run', '--rm', '--network', 'none', 'localhost/app:latest'));
      });
    },
  );

  test.skipIf(!hasProgram('containerd'))(
    'are as the base has them in containerd (needs containerd)',
    { timeout: slow },
    async () => {
      await withEngine(startContainerd, (containerd) => {
        expect(containerd.run('images', 'import', join(folder.path, 'app.tar'))).toMatchObject({ status: 0 });
        expectRun(containerd.run('run', '--rm', 'localhost/app:latest', 'parents'));
      });
    },
  );
});

function writeProject(folder: string): void {
  const directory = (name: string, mode: number, owner = [0, 0]) => ({
    name,
    type: '5',
    mode,
    uid: owner[0] ?? 0,
    gid: owner[1] ?? 0,
  });
  const link = (name: string, target: string) => ({ name, type: '2', link: target, mode: 0o777 });
  writeFileSync(join(folder, 'oci.config.yaml'), recipe);
  writeFileSync(
    join(folder, 'base.tar'),
    rawTar([
      directory('./', 0o755),
      ...[directory('usr', 0o755), directory('usr/bin', 0o711), directory('usr/lib', 0o755)],
      ...[link('bin', 'usr/bin'), link('lib', 'usr/lib')],
      ...[
        directory('tmp', 0o1777),
        directory('srv', 0o2755, [5, 6]),
        directory('opt', 0o700),
        directory('etc', 0o755, [3, 4]),
      ],
      ...[directory('proc', 0o555), directory('sys', 0o555), directory('dev', 0o755)],
      { name: 'usr/bin/busybox', mode: 0o755, content: readFileSync('/bin/busybox') },
      { name: 'usr/bin/gone', mode: 0o755, content: 'gone' },
    ]),
  );
  writeFileSync(join(folder, 'tool'), tool);
  mkdirSync(join(folder, 'tree/bin'), { recursive: true });
  mkdirSync(join(folder, 'tree/opt'));
  mkdirSync(join(folder, 'tree/etc'));
  writeFileSync(join(folder, 'tree/bin/tool2'), 'second');
  writeFileSync(join(folder, 'tree/opt/inside'), 'inside');
}

function expectRun({ status, stdout, stderr }: EngineRun): void {
  expect({ status, stdout, stderr: status === 7 ? '' : stderr }).toEqual({
    status: 7,
    stdout: expected,
    stderr: '',
  });
}

function run(command: string, args: readonly string[]): EngineRun {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return { status: status ?? -1, stdout, stderr };
}

async function withEngine(start: () => Promise<Engine>, use: (engine: Engine) => void): Promise<void> {
  const engine = await start();
  try {
    use(engine);
  } finally {
    await engine.stop();
  }
}
