/** The shape of `runtime:`, which says how a bundle runs and never reaches an image's digest. */
import * as v from 'valibot';
import { boolean, count, fixedText, number, positiveCount, text, textList, textMap } from './value-shape.ts';

const mount = v.pipe(
  v.strictObject({
    source: v.pipe(text, v.description('What is mounted: a path of the host, or a name such as `tmpfs`.')),
    target: v.pipe(text, v.description('Absolute path in the container.')),
    type: v.optional(v.pipe(text, v.description('Type of file system; `bind` where it is left out.'))),
    options: v.optional(v.pipe(textList, v.description('Options of mount(8).'))),
  }),
  v.title('mount'),
);

const ulimit = v.union([
  count,
  v.pipe(
    v.strictObject({
      soft: v.pipe(count, v.description('What a process has at first.')),
      hard: v.pipe(count, v.description('What it may raise that to.')),
    }),
    v.title('ulimit'),
  ),
]);

const capabilities = v.pipe(
  v.strictObject({
    add: v.optional(v.pipe(textList, v.description('Added to the usual fourteen.'))),
    drop: v.optional(v.pipe(textList, v.description('Taken from them; `ALL` takes all.'))),
  }),
  v.title('capabilities'),
);

const selinux = v.pipe(
  v.strictObject({
    process: v.optional(v.pipe(text, v.description('Label of the process: USER:ROLE:TYPE:LEVEL.'))),
    mount: v.optional(v.pipe(text, v.description('Label of the file systems that are mounted for it.'))),
  }),
  v.title('selinux'),
);

const idmap = v.pipe(
  v.strictObject({
    uids: v.pipe(
      textList,
      v.minLength(1),
      v.description('Users as CONTAINER:HOST:COUNT, such as 0:100000:65536.'),
    ),
    gids: v.optional(v.pipe(textList, v.description('Groups in the same way; like `uids` where left out.'))),
  }),
  v.title('idmap'),
);

export const runtime = v.pipe(
  v.strictObject({
    hostname: v.optional(v.pipe(text, v.description('Host name in the container.'))),
    readonly: v.optional(v.pipe(boolean, v.description('`true`: the root file system is read-only.'))),
    mounts: v.optional(v.pipe(v.array(mount), v.description('Further mounts.'))),
    tmpfs: v.optional(v.pipe(textList, v.description('Absolute paths of file systems in memory.'))),
    memory: v.optional(
      v.pipe(
        v.union([fixedText, positiveCount]),
        v.description('Most memory: bytes, or with k, m or g (powers of 1024).'),
      ),
    ),
    pids: v.optional(v.pipe(positiveCount, v.description('Most processes.'))),
    cpus: v.optional(
      v.pipe(number, v.minValue(0.01, 'a number from 0.01'), v.description('Most processors, such as 1.5.')),
    ),
    ulimits: v.optional(
      v.pipe(v.record(v.string(), ulimit), v.description('Resource limits by name, such as nofile.')),
    ),
    capabilities: v.optional(v.pipe(capabilities, v.description('Linux capabilities.'))),
    env: v.optional(v.pipe(textMap, v.description('Environment variables over the image’s.'))),
    network: v.optional(
      v.pipe(v.picklist(['none', 'host']), v.description('`none` (no network but loopback) or `host`.')),
    ),
    seccomp: v.optional(
      v.pipe(
        text,
        v.description(
          'Which system calls are let through: `default` (Docker’s profile), `unconfined`, or a JSON file with a profile; all where it is left out.',
        ),
      ),
    ),
    selinux: v.optional(
      v.pipe(selinux, v.description('Labels, for a kernel with SELinux; `run` refuses them on any other.')),
    ),
    apparmor: v.optional(
      v.pipe(
        text,
        v.description(
          'An AppArmor profile that the kernel has loaded, such as docker-default; `run` refuses it where the kernel has no AppArmor.',
        ),
      ),
    ),
    idmap: v.optional(
      v.pipe(
        idmap,
        v.description(
          'A user namespace for a bundle that root runs: the root file system’s owners are shifted.',
        ),
      ),
    ),
    rootless: v.optional(v.pipe(boolean, v.description('`true`: a bundle for an ordinary user.'))),
  }),
  v.title('runtime'),
);

export type RuntimeShape = v.InferOutput<typeof runtime>;
