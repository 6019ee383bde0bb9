/**
 * The mounts of a bundle: the usual ones as docker and `runc spec` have them, then the caller's. A mount of the
 * caller's takes the place of a usual one with the same destination. Volumes of the image get no mounts of their own:
 * they are folders of the root file system, so that what the image has there is seen (image-spec conversion.md,
 * Optional Fields, leaves this open).
 */
import type { MountOption, RuntimeOptions, RuntimeProblem } from './runtime-options.ts';
import type { RuntimeMount } from './runtime-spec.ts';

/** `user` is the caller's own namespace, as `runc spec --rootless` writes it: no sysfs of one's own, no group 5. */
export type MountKind = 'root' | 'user';

export function makeMounts(options: RuntimeOptions, kind: MountKind): RuntimeMount[] {
  const asked = [...(options.mounts ?? []).map(askedMount), ...(options.tmpfs ?? []).map(tmpfsMount)];
  const taken = new Set(asked.map(({ destination }) => destination));
  return [...usualMounts(kind).filter(({ destination }) => !taken.has(destination)), ...asked];
}

export function checkMounts(options: RuntimeOptions): RuntimeProblem[] {
  const targets = (options.mounts ?? []).map(
    ({ target }, at) => [`/mounts/${String(at)}/target`, target] as const,
  );
  const tmpfs = (options.tmpfs ?? []).map(
    (path, at) => [`/tmpfs/${String(at)}`, splitTmpfs(path)[0]] as const,
  );
  const sources = (options.mounts ?? []).flatMap(({ source, type, options: words }, at): RuntimeProblem[] =>
    [source, type, ...words].some((word) => word.includes('\0'))
      ? [{ source: 'runtime', pointer: `/mounts/${String(at)}`, message: 'must not hold a NUL' }]
      : [],
  );
  return [
    ...sources,
    ...[...targets, ...tmpfs]
      .filter(([, path]) => !isMountTarget(path))
      .map(([pointer]): RuntimeProblem => ({
        source: 'runtime',
        pointer,
        message: 'must be an absolute path below / without `..`',
      })),
  ];
}

function isMountTarget(path: string): boolean {
  const components = path.split('/').filter((component) => component !== '' && component !== '.');
  return path.startsWith('/') && components.length > 0 && !components.includes('..') && !path.includes('\0');
}

function askedMount({ source, target, type, options }: MountOption): RuntimeMount {
  const isBind = type === 'bind' && !options.some((option) => option === 'bind' || option === 'rbind');
  return { destination: target, type, source, options: isBind ? ['rbind', ...options] : options };
}

// docker run --tmpfs: the same defaults, which a given mode overrides.
function tmpfsMount(text: string): RuntimeMount {
  const [destination, given] = splitTmpfs(text);
  const mode = given.some((option) => option.startsWith('mode=')) ? [] : ['mode=1777'];
  return {
    destination,
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'nodev', 'noexec', ...mode, ...given],
  };
}

function splitTmpfs(text: string): [string, string[]] {
  const colon = text.indexOf(':');
  if (colon < 0) return [text, []];
  return [text.slice(0, colon), text.slice(colon + 1).split(',')];
}

function usualMounts(kind: MountKind): RuntimeMount[] {
  return [
    { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
    {
      destination: '/dev',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
    },
    {
      destination: '/dev/pts',
      type: 'devpts',
      source: 'devpts',
      options: [...terminalOptions, ...(kind === 'root' ? ['gid=5'] : [])],
    },
    {
      destination: '/dev/shm',
      type: 'tmpfs',
      source: 'shm',
      options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'],
    },
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev'] },
    systemMount(kind),
    {
      destination: '/sys/fs/cgroup',
      type: 'cgroup',
      source: 'cgroup',
      options: ['nosuid', 'noexec', 'nodev', 'relatime', 'ro'],
    },
  ];
}

const terminalOptions: readonly string[] = ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'];

function systemMount(kind: MountKind): RuntimeMount {
  const options = ['nosuid', 'noexec', 'nodev', 'ro'];
  return kind === 'root'
    ? { destination: '/sys', type: 'sysfs', source: 'sysfs', options }
    : { destination: '/sys', type: 'none', source: '/sys', options: ['rbind', ...options] };
}
