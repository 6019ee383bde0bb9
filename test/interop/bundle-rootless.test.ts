/** An ordinary user makes a bundle and runs it with the real runc and crun. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContainerConfig } from '../../src/core/oci/image-config.ts';
import { bundleScript } from '../rigs/bundled-script.ts';
import { hasBusybox } from '../rigs/busybox-image.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';
import { listTree } from '../rigs/tree-listing.ts';

const present = isRoot && hasBusybox && hasProgram('setpriv') && hasProgram('useradd');
const user = 'ociuser';

let base: string;
let script: string;
let ids: { uid: number; gid: number };
beforeAll(async () => {
  if (!present) return;
  if (spawnSync('id', [user]).status !== 0) spawnSync('useradd', ['-m', user]);
  const id = (flag: string): number => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout);
  ids = { uid: id('-u'), gid: id('-g') };
  base = mkdtempSync(join(tmpdir(), 'layerwright-rootless-'));
  chmodSync(base, 0o755);
  script = await bundleScript(join(import.meta.dirname, 'bundle-rootless-child.ts'), base);
});
afterAll(() => {
  if (present) rmSync(base, { recursive: true, force: true });
});

const runtimes = ['runc', 'crun'].filter((name) => hasProgram(name));

describe.skipIf(!present || runtimes.length === 0).each(runtimes)(
  'a rootless bundle run by %s as an ordinary user (needs root to become one, busybox-static and the runtime)',
  (runtime) => {
    let folder: string;
    beforeAll(() => {
      folder = join(base, runtime);
      mkdirSync(folder);
      chownSync(folder, ids.uid, ids.gid);
    });

    const run = (config: ContainerConfig) => {
      const become = `exec setpriv --reuid ${user} --regid ${user} --init-groups env HOME=${folder} XDG_RUNTIME_DIR=${folder} "$@"`;
      // For crun only root can take the second cgroup hierarchy away (real-components.md).
      const command = `umount /sys/fs/cgroup/unified 2>/dev/null; ${become}`;
      const child = [process.execPath, script, folder, runtime, JSON.stringify(config)];
      return spawnSync('unshare', ['-m', 'sh', '-c', command, 'sh', ...child], {
        encoding: 'utf8',
        cwd: folder,
      });
    };

    it('prints, and ends with the status of its process, as root in its own namespace', () => {
      const ran = run({
        Cmd: ['/bin/sh', '-c', 'id -u; pwd; cat /shut/in; echo; exit 7'],
        WorkingDir: '/srv',
      });
      expect(ran.stdout, ran.stderr).toBe('0\n/srv\nx\n');
      expect(ran.status).toBe(7);
    });

    it('counts what an ordinary user cannot keep, in one warning each', () => {
      const ran = run({ Cmd: ['/bin/true'] });
      const codes = ran.stderr
        .split('\n')
        .filter((line) => line.startsWith('bundle/'))
        .map((line) => line.split(':')[0]);
      expect(codes).toEqual(['bundle/owners-not-set', 'bundle/special-files-not-made']);
      expect(ran.stderr).toContain('1 special file stands as an empty file: `dev/null`');
    });

    it('has the modes and fifos of the image, and empty files for devices', () => {
      const tree = listTree(join(folder, 'bundle', 'rootfs'));
      const own = `${String(ids.uid)}:${String(ids.gid)}`;
      expect(tree.get('shut')).toMatchObject({ type: 'directory', mode: '0', owner: own });
      expect(tree.get('shut/in')).toMatchObject({ type: 'file', mode: '0', owner: own });
      expect(tree.get('p')).toMatchObject({ type: 'fifo', mode: '600' });
      expect(tree.get('dev/null')).toMatchObject({ type: 'file', mode: '666' });
    });
  },
);
