import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import type { ContainerConfig } from '../../../src/core/oci/image-config.ts';
import type { RuntimeConfig } from '../../../src/core/oci/runtime-spec.ts';
import { type BundleRequest, writeBundle } from '../../../src/io/bundle/runtime-bundle.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { imageOf } from '../../rigs/layer-image.ts';
import { type RawEntry, rawTar } from '../../rigs/raw-tar.ts';
import { type ScratchFolder, scratchFolder } from '../../rigs/scratch-folder.ts';
import { listTree } from '../../rigs/tree-listing.ts';

let scratch: ScratchFolder;
let bundle: string;
beforeEach(() => {
  scratch = scratchFolder('bundle');
  bundle = join(scratch.path, 'b');
});
afterEach(() => {
  scratch.remove();
});

const accounts: readonly RawEntry[] = [
  { name: 'etc/passwd', content: 'root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n' },
  { name: 'etc/group', content: 'staff:x:50:app\n' },
];

async function write(
  config: ContainerConfig,
  entries: readonly RawEntry[] = accounts,
  more: Partial<BundleRequest> = {},
): Promise<readonly Diagnostic[]> {
  const { blobs } = createMemoryStore();
  const image = await imageOf(blobs, [rawTar(entries)], config);
  return writeBundle(image, blobs, {
    destination: bundle,
    signal: new AbortController().signal,
    runtime: {},
    runtimeFolder: scratch.path,
    rootless: undefined,
    ...more,
  });
}

function configOf(folder: string): RuntimeConfig {
  return JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as RuntimeConfig;
}

describe('a runtime bundle', () => {
  it('is rootfs, config.json and a marker, in a folder for its owner only', async () => {
    await write({ Cmd: ['/x'] });
    expect(readdirSync(bundle).sort()).toEqual(['.layerwright', 'config.json', 'rootfs']);
    expect(statSync(bundle).mode & 0o777).toBe(0o700);
    expect(statSync(join(bundle, 'rootfs')).mode & 0o777).toBe(0o755);
  });

  it('has a user by name with its groups, from the image itself', async () => {
    await write({ Cmd: ['/x'], User: 'app' });
    expect(configOf(bundle).process.user).toEqual({ uid: 1000, gid: 1001, additionalGids: [1001, 50] });
  });

  it('has the same config.json whenever and wherever it is made', async () => {
    await write({ Cmd: ['/x'], Env: ['A=1'] });
    const first = readFileSync(join(bundle, 'config.json'));
    bundle = join(scratch.path, 'elsewhere');
    await write({ Cmd: ['/x'], Env: ['A=1'] });
    expect(readFileSync(join(bundle, 'config.json'))).toEqual(first);
    expect(first.at(-1)).toBe(0x0a);
  });

  it('replaces a bundle of ours', async () => {
    await write({ Cmd: ['/x'] });
    await write({ Cmd: ['/y'] });
    expect(configOf(bundle).process.args).toEqual(['/y']);
    expect(readdirSync(scratch.path)).toEqual(['b']);
  });

  it('leaves a folder alone that is not ours, though it looks like a bundle', async () => {
    mkdirSync(join(bundle, 'rootfs'), { recursive: true });
    writeFileSync(join(bundle, 'config.json'), '{}');
    const before = listTree(scratch.path);
    await expect(write({ Cmd: ['/x'] })).rejects.toMatchObject({ code: 'bundle/not-ours' });
    expect(listTree(scratch.path)).toEqual(before);
  });

  it('takes relative bind mounts from the folder that it is told', async () => {
    const mounts = [{ source: 'data', target: '/data', type: 'bind', options: ['ro'] }];
    await write({ Cmd: ['/x'] }, accounts, { runtime: { mounts } });
    const mount = configOf(bundle).mounts.find(({ destination }) => destination === '/data');
    expect(mount?.source).toBe(join(scratch.path, 'data'));
  });

  it('runs other arguments in place of the command', async () => {
    await write({ Entrypoint: ['/e'], Cmd: ['/x'] }, accounts, { args: ['a', 'b'] });
    expect(configOf(bundle).process.args).toEqual(['/e', 'a', 'b']);
  });

  it('warns of what it left out', async () => {
    const warnings = await write({ Labels: { 'run.oci.handler': 'x', '\u001b[2J': 'y' } });
    expect(warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['bundle/labels-left-out', 'bundle/no-command']),
    );
    expect(JSON.stringify(warnings)).not.toContain('\u001b');
  });
});

describe('the working folder and the volumes', () => {
  it('are made where the image has none, as root would make them', async () => {
    await write({ Cmd: ['/x'], WorkingDir: '/srv/app', Volumes: { '/data': {} } });
    const tree = listTree(join(bundle, 'rootfs'));
    const owner = process.geteuid?.() === 0 ? { owner: '0:0' } : {};
    for (const path of ['srv', 'srv/app', 'data'])
      expect(tree.get(path)).toMatchObject({ mode: '755', mtime: '0', ...owner });
  });

  it('are found through links inside the root only (H52)', async () => {
    const links = [
      { name: 'srv', type: '2', link: scratch.path },
      { name: 'opt', type: '2', link: '../../../../real' },
    ];
    await write({ Cmd: ['/x'], WorkingDir: '/srv/made', Volumes: { '/opt/v': {} } }, links);
    expect(readdirSync(scratch.path)).toEqual(['b']);
    expect(lstatSync(join(bundle, 'rootfs', scratch.path, 'made')).isDirectory()).toBe(true);
    expect(lstatSync(join(bundle, 'rootfs', 'real', 'v')).isDirectory()).toBe(true);
  });

  it.each(['../../x', '/../x', '/a/../../x'])('are refused at %s (H52)', async (path) => {
    await expect(write({ Cmd: ['/x'], WorkingDir: path })).rejects.toMatchObject({
      code: 'bundle/bad-image',
    });
    await expect(write({ Cmd: ['/x'], Volumes: { [path]: {} } })).rejects.toMatchObject({
      code: 'bundle/bad-image',
    });
    expect(readdirSync(scratch.path)).toEqual([]);
  });

  it('are refused where a file stands', async () => {
    const writing = write({ Cmd: ['/x'], WorkingDir: '/etc/passwd' });
    await expect(writing).rejects.toMatchObject({ code: 'bundle/refused-entry' });
  });
});

describe('an image whose user cannot be had', () => {
  const refused = [
    '4294967296',
    '-1',
    '0x0',
    ' 0',
    '1000:99999999999',
    'nobody-knows',
    'app:nobody-knows',
    'a:b:c',
  ];
  it.each(refused)('`%s` is refused (H49)', async (User) => {
    await expect(write({ Cmd: ['/x'], User })).rejects.toMatchObject({ code: 'bundle/bad-user' });
    expect(readdirSync(scratch.path)).toEqual([]);
  });

  const files: Readonly<Record<string, RawEntry>> = {
    'a link out of the image': { name: 'etc/passwd', type: '2', link: '/etc/passwd' },
    'a link in the image': { name: 'etc/passwd', type: '2', link: 'other' },
    'a fifo': { name: 'etc/passwd', type: '6' },
    'a folder': { name: 'etc/passwd', type: '5', mode: 0o755 },
    'larger than 10 MiB': { name: 'etc/group', content: Buffer.alloc(10 * 1024 * 1024 + 1) },
  };
  it.each(Object.entries(files))(
    'with a passwd or group that is %s is refused without a hang (H50)',
    async (_, entry) => {
      await expect(write({ Cmd: ['/x'], User: 'root' }, [entry])).rejects.toMatchObject({
        code: 'bundle/unreadable-user-file',
      });
    },
  );

  it('reads a passwd of ten mebibytes, and none at all', async () => {
    await write({ Cmd: ['/x'] }, [{ name: 'etc/passwd', content: Buffer.alloc(10 * 1024 * 1024, '#') }]);
    await write({ Cmd: ['/x'], User: '7:8' }, [{ name: 'x' }]);
    expect(configOf(bundle).process.user).toMatchObject({ uid: 7, gid: 8 });
  });

  it('bounds the groups of a user (H51)', async () => {
    const lines = Array.from(
      { length: 100_000 },
      (_, at) => `g${String(at)}:x:${String(at + 10)}:app\n`,
    ).join('');
    const entries = [accounts[0] ?? { name: 'x' }, { name: 'etc/group', content: lines }];
    await expect(write({ Cmd: ['/x'], User: 'app' }, entries)).rejects.toMatchObject({
      code: 'bundle/bad-user',
    });
  });
});
