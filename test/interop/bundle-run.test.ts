/** Bundles of ours, run by the real runc and crun: the same output, status, user and signals from both. */
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ContainerConfig } from '../../src/core/oci/image-config.ts';
import type { RuntimeOptions } from '../../src/core/oci/runtime-options.ts';
import { runBundle, type SignalName } from '../../src/io/bundle/run-bundle.ts';
import { writeBundle } from '../../src/io/bundle/runtime-bundle.ts';
import { createMemoryStore } from '../../src/io/store/memory-store.ts';
import { hasBusybox, putBusyboxImage } from '../rigs/busybox-image.ts';
import { crunHere, hasProgram, isRoot } from '../rigs/runtimes.ts';
import { type ScratchFolder, scratchFolder } from '../rigs/scratch-folder.ts';

interface Ran {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

let scratch: ScratchFolder;
let wrapper: string;
beforeAll(() => {
  scratch = scratchFolder('run');
  wrapper = crunHere(scratch.path);
  // State of ours alone: other tests run containers at the same time.
  mkdirSync(join(scratch.path, 'tmp'));
  vi.stubEnv('TMPDIR', join(scratch.path, 'tmp'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  scratch.remove();
});

let count = 0;
async function makeBundle(config: ContainerConfig, runtime: RuntimeOptions = {}): Promise<string> {
  count += 1;
  const destination = join(scratch.path, `b${String(count)}`);
  const { blobs } = createMemoryStore();
  const image = await putBusyboxImage(blobs, config);
  const signal = new AbortController().signal;
  await writeBundle(image, blobs, {
    destination,
    signal,
    runtime,
    runtimeFolder: scratch.path,
    rootless: undefined,
  });
  return destination;
}

type Listener = (signal: SignalName) => void;

/** `during` is told how to signal, and what the container has printed so far. */
async function run(
  bundle: string,
  runtime: string | undefined,
  during?: (send: Listener, printed: () => string) => Promise<void>,
): Promise<Ran> {
  const files = ['in', 'out', 'err'].map((name) => `${bundle}.${name}`) as [string, string, string];
  const stdio = files.map((path) => openSync(path, 'w+')) as [number, number, number];
  let send: Listener = () => undefined;
  const running = runBundle({
    bundle,
    runtime,
    environment: process.env,
    stdio,
    onWarning: () => undefined,
    listen: (listener) => {
      send = listener;
      return () => undefined;
    },
  });
  await during?.(
    (signal) => {
      send(signal);
    },
    () => readFileSync(files[1], 'utf8'),
  );
  const status = await running;
  stdio.forEach((fd) => {
    closeSync(fd);
  });
  return { status, output: readFileSync(files[1], 'utf8'), errors: readFileSync(files[2], 'utf8') };
}

/** Waits for the container itself to say something. */
async function until(printed: () => string, text: string): Promise<void> {
  while (!printed().includes(text)) await new Promise((settle) => setTimeout(settle, 10));
}

const sh = (script: string): ContainerConfig => ({ Cmd: ['/bin/sh', '-c', script] });
const runtimes = [
  { name: 'runc', path: (): string => 'runc' },
  { name: 'crun', path: (): string => wrapper },
].filter(({ name }) => hasProgram(name));

describe.skipIf(!isRoot || !hasBusybox || runtimes.length === 0).each(runtimes)(
  'a bundle run by $name (needs root, busybox-static and the runtime)',
  ({ path }) => {
    it('prints, and ends with the status of its process', async () => {
      const ran = await run(await makeBundle(sh('echo hello; echo oops >&2; exit 7')), path());
      expect(ran).toEqual({ status: 7, output: 'hello\n', errors: 'oops\n' });
    });

    it('has the environment, folder, user and groups of the image', async () => {
      const script = 'id -u; id -g; id -G; pwd; echo $GREETING $HOME; echo $PATH';
      const config = {
        ...sh(script),
        User: 'app',
        WorkingDir: '/srv/made',
        Env: ['GREETING=hi', 'PATH=/bin'],
      };
      const ran = await run(await makeBundle(config), path());
      expect(ran.errors).toBe('');
      expect(ran.output).toBe('1000\n1001\n1001 50\n/srv/made\nhi /home/app\n/bin\n');
    });

    it('may not gain privileges, has the default capabilities and no network but its own', async () => {
      const script = 'grep -E "NoNewPrivs|CapEff" /proc/self/status; ls /sys/class/net';
      const ran = await run(await makeBundle(sh(script)), path());
      expect(ran.output.replaceAll(/\s+/g, ' ')).toBe('CapEff: 00000000a80425fb NoNewPrivs: 1 lo ');
    });

    it('is refused the system calls that Docker’s profile refuses, and others where it has a capability', async () => {
      const script =
        'busybox unshare -U true && echo new; busybox chroot / true && echo root; grep Seccomp: /proc/self/status';
      const said = async (runtime: RuntimeOptions): Promise<string> => {
        const { output } = await run(await makeBundle(sh(script), runtime), path());
        return output.replaceAll(/\s+/g, ' ').trim();
      };
      expect(await said({})).toBe('new root Seccomp: 0');
      expect(await said({ seccomp: 'unconfined' })).toBe('new root Seccomp: 0');
      expect(await said({ seccomp: 'default' })).toBe('root Seccomp: 2');
      const without = { capabilities: { add: [], drop: ['SYS_CHROOT'] } };
      expect(await said({ seccomp: 'default', ...without })).toBe('Seccomp: 2');
      const rules = [{ names: ['chroot'], action: 'SCMP_ACT_ERRNO' }];
      const profile = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: rules };
      writeFileSync(join(scratch.path, 'own.json'), JSON.stringify(profile));
      expect(await said({ seccomp: 'own.json' })).toBe('new Seccomp: 2');
    });

    it('has the ids that `idmap` gives it, and its files are its own', async () => {
      const uids = [{ container: 0, host: 200_000, size: 70_000 }];
      const script =
        'id -u; stat -c %u:%g / /bin/busybox /etc /tmp; cat /proc/self/uid_map; touch /x && echo mine';
      const bundle = await makeBundle(sh(script), { idmap: { uids, gids: uids } });
      expect(statSync(join(bundle, 'rootfs/bin/busybox')).uid).toBe(200_000);
      chmodSync(scratch.path, 0o711);
      const { output, errors } = await run(bundle, path());
      expect(errors).toBe('');
      expect(output.replaceAll(/\s+/g, ' ')).toBe('0 0:0 0:0 0:0 0:0 0 200000 70000 mine ');
    });

    it('takes what `runtime` asks: a hostname, a read-only root, a mount, a tmpfs, an environment', async () => {
      mkdirSync(join(scratch.path, 'data'), { recursive: true });
      const script =
        'cat /proc/sys/kernel/hostname; touch /x 2>/dev/null || echo read-only; touch /t/x && echo tmpfs; touch /data/x; echo $E';
      const ran = await run(
        await makeBundle(sh(script), {
          hostname: 'box',
          readonly: true,
          tmpfs: ['/t'],
          env: { E: 'given' },
          mounts: [{ source: 'data', target: '/data', type: 'bind', options: ['rw'] }],
        }),
        path(),
      );
      expect(ran.output).toBe('box\nread-only\ntmpfs\ngiven\n');
      expect(readdirSync(join(scratch.path, 'data'))).toEqual(['x']);
    });

    it('hands on the status of a shell whose child was killed', async () => {
      const ran = await run(await makeBundle(sh('sleep 100 & kill -9 $!; wait $!')), path());
      expect(ran.status).toBe(137);
    });

    it('gets signals, once, and may end as it likes', async () => {
      const bundle = await makeBundle(
        sh('trap "echo got; exit 42" TERM; echo ready; while :; do sleep 0.05; done'),
      );
      const ran = await run(bundle, path(), async (send, printed) => {
        await until(printed, 'ready');
        send('SIGTERM');
      });
      expect(ran).toEqual({ status: 42, output: 'ready\ngot\n', errors: '' });
    });

    it('ends at once, with 130, where its process would never see a Ctrl-C', async () => {
      const ran = await run(
        await makeBundle(sh('echo ready; exec sleep 100')),
        path(),
        async (send, printed) => {
          await until(printed, 'ready');
          send('SIGINT');
        },
      );
      expect(ran.status).toBe(130);
    });

    it('ends at once at the second signal', async () => {
      const bundle = await makeBundle(sh('trap "echo got" TERM; echo ready; while :; do sleep 0.05; done'));
      const ran = await run(bundle, path(), async (send, printed) => {
        await until(printed, 'ready');
        send('SIGTERM');
        await until(printed, 'got');
        send('SIGTERM');
      });
      expect(ran.status).toBe(143);
    });

    it('says in the runtime\u2019s words why a program cannot be run', async () => {
      const ran = await run(await makeBundle({ Cmd: ['/nowhere'] }), path());
      expect(ran.status).not.toBe(0);
      expect(ran.errors).toContain('/nowhere');
    });

    it('leaves no container, state or cgroup behind', () => {
      expect(readdirSync(join(scratch.path, 'tmp'))).toEqual([]);
      expect(cgroupsOfOurs()).toEqual([]);
    });
  },
);

function cgroupsOfOurs(): string[] {
  const hierarchies = readdirSync('/sys/fs/cgroup').map((name) => join('/sys/fs/cgroup', name));
  return hierarchies.flatMap((folder) => {
    try {
      return readdirSync(folder).filter((name) => name.startsWith(`layerwright-${String(process.pid)}-`));
    } catch {
      return [];
    }
  });
}
