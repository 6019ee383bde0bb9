import { describe, expect, it } from 'vitest';
import type { ContainerConfig, ImageConfig } from '../../../src/core/oci/image-config.ts';
import { makeRuntimeConfig, type RuntimeConfigInput } from '../../../src/core/oci/runtime-config.ts';
import { rootUser } from '../../../src/core/oci/user-spec.ts';

function imageWith(config: ContainerConfig): ImageConfig {
  return {
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['/hello'], ...config },
    rootfs: { type: 'layers', diff_ids: [] },
  };
}

function problemsOf(parts: Partial<RuntimeConfigInput>): string[] {
  const result = makeRuntimeConfig({ image: imageWith({}), user: rootUser, options: {}, ...parts });
  return result.ok ? [] : result.problems.map(({ source, pointer }) => `${source} ${pointer}`);
}

describe('what is refused', () => {
  it.each<[ContainerConfig, string]>([
    [{ Env: ['A=\0'] }, 'image /config/Env/0'],
    [{ Env: ['OK=1', 'NOEQUALS'] }, 'image /config/Env/1'],
    [{ Env: ['=x'] }, 'image /config/Env/0'],
    [{ Env: [`BIG=${'x'.repeat(1024 * 1024)}`] }, 'image /config/Env/0'],
    [{ Env: [`BIG=${'é'.repeat(65_534)}`] }, 'image /config/Env/0'],
    [{ Cmd: ['a', 'b\0'] }, 'image /config/Cmd/1'],
    [{ Entrypoint: ['\0'] }, 'image /config/Entrypoint/0'],
    [{ WorkingDir: '../../x' }, 'image /config/WorkingDir'],
    [{ WorkingDir: '/a/../b' }, 'image /config/WorkingDir'],
    [{ WorkingDir: '/a\0' }, 'image /config/WorkingDir'],
    [{ Volumes: { '/ok': {}, '../x': {} } }, 'image /config/Volumes'],
  ])('of an image (%#)', (config, expected) => {
    expect(problemsOf({ image: imageWith(config) })).toEqual([expected]);
  });

  it('is not an entry of just under 128 KiB', () => {
    expect(problemsOf({ image: imageWith({ Env: [`BIG=${'x'.repeat(131_067)}`] }) })).toEqual([]);
    expect(problemsOf({ image: imageWith({ Env: [`BIG=${'x'.repeat(131_068)}`] }) })).toHaveLength(1);
  });

  it.each<[RuntimeConfigInput['options'], string]>([
    [{ hostname: '-a' }, 'runtime /hostname'],
    [{ hostname: 'a b' }, 'runtime /hostname'],
    [{ hostname: 'a'.repeat(65) }, 'runtime /hostname'],
    [{ mounts: [{ source: '/', target: 'data', type: 'bind', options: [] }] }, 'runtime /mounts/0/target'],
    [{ mounts: [{ source: '/', target: '/a/../b', type: 'bind', options: [] }] }, 'runtime /mounts/0/target'],
    [{ mounts: [{ source: '/', target: '/', type: 'bind', options: [] }] }, 'runtime /mounts/0/target'],
    [{ mounts: [{ source: '/\0', target: '/a', type: 'bind', options: [] }] }, 'runtime /mounts/0'],
    [{ tmpfs: ['tmp'] }, 'runtime /tmpfs/0'],
    [{ memory: 0 }, 'runtime /memory'],
    [{ memory: 1.5 }, 'runtime /memory'],
    [{ pids: -1 }, 'runtime /pids'],
    [{ cpus: 0 }, 'runtime /cpus'],
    [{ cpus: NaN }, 'runtime /cpus'],
    [{ ulimits: { nofiles: { soft: 1, hard: 1 } } }, 'runtime /ulimits/nofiles'],
    [{ ulimits: { nofile: { soft: 2, hard: 1 } } }, 'runtime /ulimits/nofile'],
    [{ ulimits: { nofile: { soft: -1, hard: -1 } } }, 'runtime /ulimits/nofile'],
    [{ capabilities: { add: ['FLY'], drop: [] } }, 'runtime /capabilities/add/0'],
    [{ env: { 'A=B': 'c' } }, 'runtime /env/A=B'],
    [{ env: { A: '\0' } }, 'runtime /env/A'],
  ])('of the options %j', (options, expected) => {
    expect(problemsOf({ options })).toEqual([expected]);
  });

  it('is said all at once', () => {
    const image = imageWith({ Env: ['x'], WorkingDir: '..' });
    expect(problemsOf({ image, options: { hostname: '', pids: 0 } })).toHaveLength(4);
  });
});
