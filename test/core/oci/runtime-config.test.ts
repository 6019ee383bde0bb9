import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContainerConfig, ImageConfig } from '../../../src/core/oci/image-config.ts';
import {
  formatRuntimeConfig,
  makeRuntimeConfig,
  type RuntimeConfigInput,
} from '../../../src/core/oci/runtime-config.ts';
import { foldersOfImage } from '../../../src/core/oci/runtime-process.ts';
import type { RuntimeConfig } from '../../../src/core/oci/runtime-spec.ts';
import { rootUser } from '../../../src/core/oci/user-spec.ts';
import { hasConformanceData } from './conformance-data.ts';
import { loadSpecSchema } from './spec-schema.ts';

function imageWith(config: ContainerConfig, members: Partial<ImageConfig> = {}): ImageConfig {
  return {
    architecture: 'amd64',
    os: 'linux',
    ...members,
    config: { Cmd: ['/hello'], ...config },
    rootfs: { type: 'layers', diff_ids: [] },
  };
}

function inputOf(parts: Partial<RuntimeConfigInput>): RuntimeConfigInput {
  return { image: imageWith({}), user: rootUser, options: {}, ...parts };
}

function configOf(parts: Partial<RuntimeConfigInput>): RuntimeConfig {
  const result = makeRuntimeConfig(inputOf(parts));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

function warningsOf(parts: Partial<RuntimeConfigInput>): unknown {
  const result = makeRuntimeConfig(inputOf(parts));
  return result.ok ? result.warnings : result.problems;
}

const app = { uid: 10001, gid: 10001, additionalGids: [29, 44], home: '/app' };
const service = imageWith(
  {
    User: 'app',
    Env: ['PATH=/app/bin:/usr/bin', 'NODE_ENV=production', 'EMPTY='],
    Entrypoint: ['tini', '--'],
    Cmd: ['node', 'server.js'],
    WorkingDir: '/app',
    Volumes: { '/data': {}, 'relative/cache': {} },
    ExposedPorts: { '8080/tcp': {}, '53/udp': {} },
    StopSignal: 'SIGQUIT',
    Labels: { 'com.example.b': '2', 'com.example.a': '1', 'org.opencontainers.image.author': 'label wins' },
  },
  {
    created: '2024-01-02T03:04:05Z',
    author: 'config loses',
    variant: 'v3',
    'os.version': '1',
    'os.features': ['x', 'y'],
  },
);
const everyOption = {
  hostname: 'api',
  readonly: true,
  mounts: [
    { source: '/srv/data', target: '/data', type: 'bind', options: ['ro'] },
    { source: 'tmpfs', target: '/dev/shm', type: 'tmpfs', options: ['size=1g'] },
  ],
  tmpfs: ['/tmp', '/run:size=16m,mode=755'],
  memory: 268_435_456,
  pids: 100,
  cpus: 1.5,
  ulimits: { nofile: { soft: 1024, hard: 4096 }, core: { soft: 0, hard: 0 } },
  capabilities: { add: ['net_admin'], drop: ['CAP_MKNOD'] },
  env: { NODE_ENV: 'test', EXTRA: 'x=y', ANOTHER: '' },
  network: 'host' as const,
};

const bundles: [string, RuntimeConfigInput][] = [
  ['least', inputOf({})],
  ['service', inputOf({ image: service, user: app })],
  ['every-option', inputOf({ image: service, user: app, options: everyOption, args: ['--version'] })],
  [
    'rootless',
    inputOf({ image: service, user: app, options: everyOption, rootless: { uid: 1000, gid: 1001 } }),
  ],
  [
    'rootless-ranges',
    inputOf({
      image: service,
      user: app,
      rootless: {
        uid: 1000,
        gid: 1001,
        subUids: { start: 100_000, count: 65_536 },
        subGids: { start: 200_000, count: 65_536 },
      },
    }),
  ],
];

describe('config.json', () => {
  it.each(bundles)('is the golden one: %s', async (name, input) => {
    const text = formatRuntimeConfig(configOf(input));
    await expect(text).toMatchFileSnapshot(`golden/runtime-config-${name}.json.golden`);
  });

  it.skipIf(!hasConformanceData).each(bundles)(
    "fits the runtime spec's own schema: %s (skipped without ../shared/data)",
    (_, input) => {
      expect(loadSpecSchema('runtime-spec/config-schema.json')(configOf(input))).toEqual([]);
    },
  );

  it.skipIf(!hasConformanceData)(
    'fits the schema for any image config that is not refused (skipped without ../shared/data)',
    () => {
      const check = loadSpecSchema('runtime-spec/config-schema.json');
      const text = fc.string({ unit: 'grapheme' });
      const anyConfig = fc.record(
        {
          Env: fc.array(
            fc.oneof(
              text,
              fc.tuple(text, text).map(([name, value]) => `${name}=${value}`),
            ),
          ),
          Entrypoint: fc.array(text),
          Cmd: fc.array(text),
          WorkingDir: text,
          Labels: fc.dictionary(text, text),
          StopSignal: text,
        },
        { requiredKeys: [] },
      );
      fc.assert(
        fc.property(anyConfig, (config) => {
          const result = makeRuntimeConfig(inputOf({ image: { ...imageWith({}), config } }));
          if (result.ok) expect(check(result.config)).toEqual([]);
        }),
      );
    },
  );

  it('is the same whatever the order of labels, ports and variables', () => {
    const labels = { Labels: { b: '2', a: '1' }, ExposedPorts: { '2/tcp': {}, '1/tcp': {} } };
    const turned = { Labels: { a: '1', b: '2' }, ExposedPorts: { '1/tcp': {}, '2/tcp': {} } };
    const first = configOf({ image: imageWith(labels), options: { env: { B: '2', A: '1' } } });
    const second = configOf({ image: imageWith(turned), options: { env: { A: '1', B: '2' } } });
    expect(formatRuntimeConfig(first)).toBe(formatRuntimeConfig(second));
  });
});

describe('the process', () => {
  it.each<[ContainerConfig, readonly string[] | undefined, string[]]>([
    [{ Entrypoint: ['/e'], Cmd: ['c'] }, undefined, ['/e', 'c']],
    [{ Entrypoint: ['/e'], Cmd: ['c'] }, ['a', 'b'], ['/e', 'a', 'b']],
    [{ Entrypoint: ['/e'], Cmd: ['c'] }, [], ['/e']],
    [{ Cmd: ['c'] }, ['a'], ['a']],
  ])('runs Entrypoint and Cmd, or arguments in place of Cmd: %j %j', (config, args, expected) => {
    const parts = { image: imageWith(config), ...(args === undefined ? {} : { args }) };
    expect(configOf(parts).process.args).toEqual(expected);
  });

  it('is sh, with a warning, where the image says no command', () => {
    const image = imageWith({ Cmd: [] });
    expect(configOf({ image }).process.args).toEqual(['sh']);
    expect(warningsOf({ image })).toEqual([{ kind: 'no-command' }]);
    expect(warningsOf({ image, args: ['/x'] })).toEqual([]);
  });

  it('gets PATH and HOME only where nobody gave them', () => {
    expect(configOf({}).process.env).toEqual([
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'HOME=/',
    ]);
    const image = imageWith({ Env: ['HOME=/h', 'PATH='] });
    expect(configOf({ image, user: app }).process.env).toEqual(['HOME=/h', 'PATH=']);
  });

  it.each(['relative', '', 'nul\0'])('has / for its home where passwd says %j', (home) => {
    expect(configOf({ user: { ...rootUser, home } }).process.env).toContain('HOME=/');
  });

  it('keeps its working folder as it stands, and puts a relative one below /', () => {
    expect(configOf({ image: imageWith({ WorkingDir: '/a//b/' }) }).process.cwd).toBe('/a//b/');
    expect(configOf({ image: imageWith({ WorkingDir: 'a' }) }).process.cwd).toBe('/a');
    expect(configOf({ image: imageWith({ WorkingDir: '' }) }).process.cwd).toBe('/');
  });

  it('has its own group among the supplementary ones, each once', () => {
    const user = { uid: 5, gid: 6, additionalGids: [7, 6, 7], home: '/' };
    expect(configOf({ user }).process.user).toEqual({ uid: 5, gid: 6, additionalGids: [6, 7] });
  });
});

describe('capabilities', () => {
  const docker = 14;

  it("are Docker's fourteen for root, never inheritable or ambient", () => {
    const { bounding, effective, permitted, inheritable, ambient } = configOf({}).process.capabilities;
    expect(bounding).toHaveLength(docker);
    expect([effective, permitted]).toEqual([bounding, bounding]);
    expect([inheritable, ambient]).toEqual([[], []]);
    expect(configOf({}).process.noNewPrivileges).toBe(true);
  });

  it('are only a bound for another user', () => {
    const { bounding, effective, permitted } = configOf({ user: app }).process.capabilities;
    expect(bounding).toHaveLength(docker);
    expect([effective, permitted]).toEqual([[], []]);
  });

  it.each<[string[], string[], string[] | number]>([
    [[], ['ALL'], []],
    [['chown'], ['all'], ['CAP_CHOWN']],
    [['ALL'], [], 41],
    [['ALL'], ['SYS_ADMIN'], 40],
    [['SYS_TIME'], [], docker + 1],
    [['CHOWN'], ['CHOWN'], docker - 1],
  ])('are added %j and dropped %j', (add, drop, expected) => {
    const { bounding } = configOf({ options: { capabilities: { add, drop } } }).process.capabilities;
    expect(typeof expected === 'number' ? bounding.length : bounding).toEqual(expected);
  });
});

describe('annotations', () => {
  it('leave out, with one warning, labels that runtimes take for orders', () => {
    const Labels = {
      'run.oci.hooks.stdin': 'x',
      'org.systemd.property.ExecStart': 'x',
      'io.katacontainers.config.hypervisor.path': '/evil',
      log: 'binary:///bin/evil',
      '': 'no key',
      'run.ocix': 'kept',
    };
    expect(configOf({ image: imageWith({ Labels }) }).annotations).toEqual({
      'org.opencontainers.image.architecture': 'amd64',
      'org.opencontainers.image.os': 'linux',
      'run.ocix': 'kept',
    });
    expect(warningsOf({ image: imageWith({ Labels }) })).toEqual([
      {
        kind: 'labels-left-out',
        keys: [
          '',
          'io.katacontainers.config.hypervisor.path',
          'log',
          'org.systemd.property.ExecStart',
          'run.oci.hooks.stdin',
        ],
      },
    ]);
  });

  it('carry the label where label and config disagree', () => {
    expect(configOf({ image: service }).annotations).toMatchObject({
      'org.opencontainers.image.author': 'label wins',
      'org.opencontainers.image.stopSignal': 'SIGQUIT',
      'org.opencontainers.image.exposedPorts': '53/udp,8080/tcp',
      'org.opencontainers.image.os.features': 'x,y',
    });
  });
});

describe('an ordinary user', () => {
  it('is told which limits, groups and users it cannot have', () => {
    expect(
      warningsOf({ user: app, options: { memory: 1, pids: 1, cpus: 1 }, rootless: { uid: 1000, gid: 1000 } }),
    ).toEqual([
      { kind: 'limits-not-applied', options: ['memory', 'pids', 'cpus'] },
      { kind: 'groups-not-applied', gids: [29, 44] },
      { kind: 'user-not-mapped', uid: 10001, gid: 10001 },
    ]);
  });

  it('is root in its namespace, without resources, sysfs of its own and group 5', () => {
    const config = configOf({ rootless: { uid: 1000, gid: 1000 } });
    expect(config.linux.uidMappings).toEqual([{ containerID: 0, hostID: 1000, size: 1 }]);
    expect(config.linux.resources).toBeUndefined();
    expect(JSON.stringify(config.mounts)).not.toContain('gid=');
    expect(config.linux.namespaces).toContainEqual({ type: 'user' });
  });
});

describe('foldersOfImage', () => {
  it('names the working folder and the volumes, absolute and each once', () => {
    expect(foldersOfImage(service)).toEqual(['/app', '/data', '/relative/cache']);
    expect(foldersOfImage(imageWith({ WorkingDir: '/x', Volumes: { '/x': {} } }))).toEqual(['/x']);
  });
});
