/**
 * Capabilities of the first process: Docker's fourteen (moby oci/caps/defaults.go), with what the caller adds and
 * drops. Inheritable and ambient are empty (CVE-2022-24769). For another user than root, effective and permitted are
 * empty too: that is what execve(2) leaves of them without ambient ones, and so docker writes it (moby oci/oci.go,
 * SetCapabilities); the bounding set then only limits what files of the image could give, and no new privileges
 * forbids that.
 */
import type { RuntimeOptions, RuntimeProblem } from './runtime-options.ts';
import type { RuntimeCapabilities } from './runtime-spec.ts';

export const defaultCapabilities: readonly string[] = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FSETID',
  'CAP_FOWNER',
  'CAP_MKNOD',
  'CAP_NET_RAW',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETFCAP',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_SYS_CHROOT',
  'CAP_KILL',
  'CAP_AUDIT_WRITE',
];

/** Names as `NET_ADMIN`, `cap_net_admin` or `ALL`; what is dropped by name stays dropped, whatever is added. */
export function makeCapabilities(options: RuntimeOptions, uid: number): RuntimeCapabilities {
  const add = (options.capabilities?.add ?? []).map(fullName);
  const drop = (options.capabilities?.drop ?? []).map(fullName);
  const start = drop.includes(all) ? [] : defaultCapabilities;
  const wanted = new Set([...start, ...(add.includes(all) ? knownCapabilities : add)]);
  const bounding = knownCapabilities.filter((name) => wanted.has(name) && !drop.includes(name));
  const usable = uid === 0 ? bounding : [];
  return { bounding, effective: usable, permitted: usable, inheritable: [], ambient: [] };
}

export function checkCapabilities(options: RuntimeOptions): RuntimeProblem[] {
  return (['add', 'drop'] as const).flatMap((list) =>
    (options.capabilities?.[list] ?? []).flatMap((name, at): RuntimeProblem[] =>
      fullName(name) === all || knownCapabilities.includes(fullName(name))
        ? []
        : [
            {
              source: 'runtime',
              pointer: `/capabilities/${list}/${String(at)}`,
              message: 'is no capability',
            },
          ],
    ),
  );
}

const all = 'CAP_ALL';

function fullName(name: string): string {
  const upper = name.toUpperCase();
  return upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
}

/** capability.h of Linux 5.9 and later, in its order. */
const knownCapabilities: readonly string[] = (
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE ' +
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT ' +
  'SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP ' +
  'MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
)
  .split(' ')
  .map((name) => `CAP_${name}`);
