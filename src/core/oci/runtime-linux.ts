/**
 * The Linux side of config.json (runtime-spec config-linux.md): namespaces, what of /proc and /sys is hidden or
 * read-only as docker has it (moby oci/defaults.go), limits and devices. In a user namespace there are no cgroup
 * settings: an ordinary user cannot make them.
 */
import { makeIdMappings } from './runtime-confinement.ts';
import type { RootlessCaller, RuntimeOptions, RuntimeProblem } from './runtime-options.ts';
import type { RuntimeSeccomp } from './seccomp-profile.ts';
import type { DeviceRule, IdMapping, RuntimeLinux, RuntimeResources } from './runtime-spec.ts';

export interface Confinement {
  readonly rootless: RootlessCaller | undefined;
  readonly seccomp: RuntimeSeccomp | undefined;
}

export function makeLinux(options: RuntimeOptions, { rootless, seccomp }: Confinement): RuntimeLinux {
  const mappings = mappingsOf(options, rootless);
  return {
    ...mappings,
    ...(rootless === undefined ? { resources: makeResources(options) } : {}),
    namespaces: makeNamespaces(options, mappings === undefined ? [] : ['user']).map((type) => ({ type })),
    ...(seccomp === undefined ? {} : { seccomp }),
    maskedPaths,
    readonlyPaths,
    ...(options.selinux?.mount === undefined ? {} : { mountLabel: options.selinux.mount }),
  };
}

function mappingsOf(
  { idmap }: RuntimeOptions,
  rootless: RootlessCaller | undefined,
): Pick<RuntimeLinux, 'uidMappings' | 'gidMappings'> | undefined {
  if (rootless !== undefined) {
    const { uid, gid, subUids, subGids } = rootless;
    return { uidMappings: makeMappings(uid, subUids), gidMappings: makeMappings(gid, subGids) };
  }
  if (idmap === undefined) return undefined;
  return { uidMappings: makeIdMappings(idmap.uids), gidMappings: makeIdMappings(idmap.gids) };
}

/** The names of the limits that were asked for, in a fixed order. */
export function limitsAsked(options: RuntimeOptions): string[] {
  return (['memory', 'pids', 'cpus'] as const).filter((name) => options[name] !== undefined);
}

export function checkLimits(options: RuntimeOptions): RuntimeProblem[] {
  const whole = (['memory', 'pids'] as const).filter(
    (name) => options[name] !== undefined && !(Number.isSafeInteger(options[name]) && options[name] > 0),
  );
  const cpus = options.cpus === undefined || (options.cpus >= minCpus && options.cpus <= 10_000);
  return [
    ...whole.map((name) => problem(`/${name}`, 'must be a whole number above 0')),
    ...(cpus ? [] : [problem('/cpus', `must be from ${String(minCpus)} to 10000`)]),
    ...Object.entries(options.ulimits ?? {}).flatMap(([name, limit]) => checkUlimit(name, limit)),
  ];
}

/** rlimits by name; `nofile` is RLIMIT_NOFILE. */
export function makeRlimits(options: RuntimeOptions): { type: string; soft: number; hard: number }[] {
  const limits = Object.entries(options.ulimits ?? {}).map(([name, { soft, hard }]) => ({
    type: `RLIMIT_${name.toUpperCase()}`,
    soft,
    hard,
  }));
  return limits.sort((a, b) => (a.type < b.type ? -1 : 1));
}

const cpuPeriod = 100_000;
const minCpus = 0.01; // the kernel's least quota is 1 ms of 100 ms

// setrlimit(2).
const ulimitNames: ReadonlySet<string> = new Set(
  (
    'as core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime ' + 'sigpending stack'
  ).split(' '),
);

function checkUlimit(name: string, { soft, hard }: { soft: number; hard: number }): RuntimeProblem[] {
  const pointer = `/ulimits/${name}`;
  if (!ulimitNames.has(name)) return [problem(pointer, 'is no limit that a process has')];
  const isRight = Number.isSafeInteger(soft) && Number.isSafeInteger(hard) && soft >= 0 && soft <= hard;
  return isRight ? [] : [problem(pointer, 'must be whole numbers from 0 up, soft at most hard')];
}

function problem(pointer: string, message: string): RuntimeProblem {
  return { source: 'runtime', pointer, message };
}

function makeNamespaces(options: RuntimeOptions, more: readonly string[]): string[] {
  return [
    'pid',
    'ipc',
    'uts',
    'mount',
    ...(options.network === 'host' ? [] : ['network']),
    'cgroup',
    ...more,
  ];
}

function makeMappings(id: number, sub: { start: number; count: number } | undefined): IdMapping[] {
  const own = { containerID: 0, hostID: id, size: 1 };
  return sub === undefined ? [own] : [own, { containerID: 1, hostID: sub.start, size: sub.count }];
}

function makeResources({ memory, pids, cpus }: RuntimeOptions): RuntimeResources {
  return {
    devices: deviceRules,
    ...(memory === undefined ? {} : { memory: { limit: memory } }),
    ...(pids === undefined ? {} : { pids: { limit: pids } }),
    ...(cpus === undefined ? {} : { cpu: { quota: Math.round(cpus * cpuPeriod), period: cpuPeriod } }),
  };
}

function allow(major: number, minor: number): DeviceRule {
  return { allow: true, type: 'c', major, minor, access: 'rwm' };
}

/** None but null, zero, full, random, urandom, tty and console; runtimes add pts and ptmx themselves. */
const deviceRules: readonly DeviceRule[] = [
  { allow: false, access: 'rwm' },
  allow(1, 3),
  allow(1, 5),
  allow(1, 7),
  allow(1, 8),
  allow(1, 9),
  allow(5, 0),
  allow(5, 1),
];

const maskedPaths: readonly string[] = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
];

const readonlyPaths: readonly string[] = [
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/sys',
  '/proc/sysrq-trigger',
];
