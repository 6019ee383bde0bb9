import { describe, expect, it } from 'vitest';
import { parseSeccompProfile } from '../../../src/core/oci/read-seccomp.ts';
import { defaultSeccomp } from '../../../src/core/oci/default-seccomp.ts';
import { defaultCapabilities } from '../../../src/core/oci/runtime-capabilities.ts';
import { makeRuntimeConfig, type RuntimeConfigInput } from '../../../src/core/oci/runtime-config.ts';
import type { RuntimeOptions } from '../../../src/core/oci/runtime-options.ts';
import { compileSeccomp, type RuntimeSeccomp } from '../../../src/core/oci/seccomp-profile.ts';
import { rootUser } from '../../../src/core/oci/user-spec.ts';
import { hasConformanceData } from './conformance-data.ts';
import { loadSpecSchema } from './spec-schema.ts';

/** Whether the rules let a system call through, with these arguments. */
function letsThrough({ syscalls }: RuntimeSeccomp, name: string, ...args: readonly number[]): boolean {
  return syscalls.some(
    (rule) =>
      rule.action === 'SCMP_ACT_ALLOW' &&
      rule.names.includes(name) &&
      (rule.args ?? []).every(({ index, value, valueTwo, op }) => {
        const given = args[index] ?? 0;
        if (op === 'SCMP_CMP_LT') return given < value;
        if (op === 'SCMP_CMP_MASKED_EQ') return (given & value) === valueTwo;
        return given === value;
      }),
  );
}

const compiled = (architecture: string, ...more: readonly string[]) =>
  compileSeccomp(defaultSeccomp, { architecture, capabilities: [...defaultCapabilities, ...more] });

describe('Docker’s default profile', () => {
  it('lets an ordinary program do what it does, and nothing new be made of the kernel', () => {
    const rules = compiled('amd64');
    const through = (name: string, ...args: readonly number[]) => letsThrough(rules, name, ...args);
    expect(
      ['read', 'execve', 'futex', 'chroot', 'arch_prctl', 'statx'].filter((name) => !through(name)),
    ).toEqual([]);
    const refused = [
      'unshare',
      'keyctl',
      'mount',
      'bpf',
      'setns',
      'reboot',
      'init_module',
      'io_uring_setup',
      'riscv_flush_icache',
    ];
    expect(refused.filter((name) => through(name))).toEqual([]);
    // AF_UNIX, AF_ROSE, AF_NETLINK, AF_PACKET; AF_ALG, AF_VSOCK and one that is none.
    expect([1, 11, 16, 17, 38, 40, 46].map((family) => through('socket', family))).toEqual([
      ...[true, true, true, true],
      ...[false, false, false],
    ]);
    expect([0x11, 0x10000000, 0x00020000].map((flags) => through('clone', flags))).toEqual([
      true,
      false,
      false,
    ]);
    expect([0x8, 0x40000].map((persona) => through('personality', persona))).toEqual([true, false]);
    expect(rules.syscalls.find(({ names }) => names.includes('clone3'))).toMatchObject({ errnoRet: 38 });
  });

  it('lets through what the capabilities of the container are for', () => {
    const rules = compiled('amd64', 'CAP_SYS_ADMIN', 'CAP_SYS_MODULE');
    expect(['unshare', 'mount', 'clone3', 'init_module'].filter((name) => !letsThrough(rules, name))).toEqual(
      [],
    );
    expect(letsThrough(rules, 'clone', 0x10000000)).toBe(true);
    expect(
      letsThrough(compileSeccomp(defaultSeccomp, { architecture: 'amd64', capabilities: [] }), 'chroot'),
    ).toBe(false);
  });

  it('is for the image’s architecture and those that it runs as well', () => {
    expect(compiled('amd64').architectures).toEqual(['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']);
    expect(compiled('arm64').architectures).toEqual(['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM']);
    expect(letsThrough(compiled('arm64'), 'cacheflush')).toBe(true);
    expect(letsThrough(compiled('s390x'), 'clone', 0x10000000, 0)).toBe(true);
    expect(letsThrough(compiled('s390x'), 'clone', 0, 0x10000000)).toBe(false);
    expect(compiled('386').architectures).toBeUndefined();
  });
});

const bytes = (profile: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(profile));

describe('a profile of one’s own', () => {
  it('may be in Docker’s words, with the nulls of Go', () => {
    const parsed = parseSeccompProfile(
      bytes({
        defaultAction: 'SCMP_ACT_ERRNO',
        defaultErrnoRet: 1,
        architectures: null,
        archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: null }],
        syscalls: [
          { name: 'read', action: 'SCMP_ACT_ALLOW', args: null, comment: '', includes: {}, excludes: {} },
          { names: ['mount'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_ADMIN'] } },
          { names: ['ptrace'], action: 'SCMP_ACT_ALLOW', includes: { minKernel: '4.8' }, excludes: null },
          { names: ['bpf'], action: 'SCMP_ACT_LOG', args: [], excludes: { minKernel: '4.8' } },
          { names: ['kcmp'], action: 'SCMP_ACT_LOG', includes: { arches: [] }, errnoRet: 1, errno: 'EPERM' },
        ],
      }),
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(compileSeccomp(parsed.value, { architecture: 'amd64', capabilities: [] })).toEqual({
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 1,
      architectures: ['SCMP_ARCH_X86_64'],
      syscalls: [
        { names: ['read'], action: 'SCMP_ACT_ALLOW' },
        { names: ['ptrace'], action: 'SCMP_ACT_ALLOW' },
        { names: ['kcmp'], action: 'SCMP_ACT_LOG', errnoRet: 1 },
      ],
    });
  });

  it.each([
    ['no JSON', '{', ''],
    ['no default', {}, ''],
    ['an unknown action', { defaultAction: 'ALLOW' }, '/defaultAction'],
    [
      'a rule without names',
      { defaultAction: 'SCMP_ACT_LOG', syscalls: [{ action: 'SCMP_ACT_LOG' }] },
      '/syscalls/0',
    ],
    [
      'two lists of architectures',
      {
        defaultAction: 'SCMP_ACT_LOG',
        architectures: ['SCMP_ARCH_X86'],
        archMap: [{ architecture: 'SCMP_ARCH_X86' }],
      },
      '',
    ],
    ['an unknown key', { defaultAction: 'SCMP_ACT_LOG', sycalls: [] }, ''],
    [
      'an unknown condition',
      {
        defaultAction: 'SCMP_ACT_LOG',
        syscalls: [{ names: ['read'], action: 'SCMP_ACT_LOG', includes: { cap: [] } }],
      },
      '/syscalls/0/includes',
    ],
    [
      'an error by its name alone',
      {
        defaultAction: 'SCMP_ACT_LOG',
        syscalls: [{ names: ['read'], action: 'SCMP_ACT_ERRNO', errno: 'ENOSYS' }],
      },
      '/syscalls/0',
    ],
    ['a listener', { defaultAction: 'SCMP_ACT_NOTIFY', listenerPath: '/run/x' }, '/listenerPath'],
  ])('is refused with %s', (_, profile, pointer) => {
    const parsed = parseSeccompProfile(
      typeof profile === 'string' ? new TextEncoder().encode(profile) : bytes(profile),
    );
    expect(parsed.ok ? 'fine' : parsed.problems[0].pointer).toBe(pointer);
  });

  it('is refused with a clause that goes after what it is about', () => {
    const messageOf = (profile: Uint8Array) => {
      const parsed = parseSeccompProfile(profile);
      return parsed.ok ? '' : parsed.problems[0].message;
    };
    expect(messageOf(bytes('{').subarray(1, 2))).toMatch(/^is not JSON: /);
    expect(messageOf(bytes({ defaultAction: 'SCMP_ACT_LOG', sycalls: [] }))).toBe(
      'has the key `sycalls`, which no profile has; did you mean `syscalls`?',
    );
  });
});

function made(options: RuntimeOptions, more: Partial<RuntimeConfigInput> = {}) {
  const image = {
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['/x'] },
    rootfs: { type: 'layers', diff_ids: [] },
  } as const;
  return makeRuntimeConfig({ image, user: rootUser, options, ...more });
}

describe('confinement in config.json', () => {
  const uids = [{ container: 0, host: 100_000, size: 65_536 }];
  const options: RuntimeOptions = {
    seccomp: 'default',
    selinux: {
      process: 'system_u:system_r:container_t:s0:c1,c2',
      mount: 'system_u:object_r:container_file_t:s0:c1,c2',
    },
    apparmor: 'docker-default',
    idmap: { uids, gids: uids },
  };

  it('is what was asked for, and nothing where nothing was', () => {
    const result = made(options);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const { process, linux } = result.config;
    expect(process.apparmorProfile).toBe('docker-default');
    expect(process.selinuxLabel).toBe(options.selinux?.process);
    expect(linux.mountLabel).toBe(options.selinux?.mount);
    expect(linux.seccomp).toEqual(compiled('amd64'));
    expect(linux.uidMappings).toEqual([{ containerID: 0, hostID: 100_000, size: 65_536 }]);
    expect(linux.namespaces.map(({ type }) => type)).toContain('user');
    const plain = made({});
    expect(plain.ok && 'seccomp' in plain.config.linux).toBe(false);
  });

  it.skipIf(!hasConformanceData)(
    'fits the schema of the runtime spec (skipped without ../shared/data)',
    () => {
      const result = made(options);
      expect(
        loadSpecSchema('runtime-spec/config-schema.json')(result.ok ? result.config : undefined),
      ).toEqual([]);
    },
  );

  it.each([
    ['root is nobody', { container: 1, host: 1, size: 9, uid: 0 }, 'must map 0, whom files belong to'],
    [
      'the user is nobody',
      { container: 0, host: 1, size: 9, uid: 10_001 },
      'must map 10001, whom the image runs as',
    ],
    [
      'nothing is mapped',
      { container: 0, host: 1, size: 0, uid: 0 },
      'must be ranges of at least one id, up to 2147483647',
    ],
  ])('is refused where %s', (_, { uid, ...range }, message) => {
    const result = made({ idmap: { uids: [range], gids: uids } }, { user: { ...rootUser, uid } });
    expect(result.ok ? [] : result.problems[0]).toEqual({
      source: 'runtime',
      pointer: '/idmap/uids',
      message,
    });
  });
});
