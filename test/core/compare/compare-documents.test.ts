/** Which fields of two configs and manifests differ. */
import { describe, expect, it } from 'vitest';
import { compareConfigs, compareManifests } from '../../../src/core/compare/compare-documents.ts';
import type { ContainerConfig, ImageConfig } from '../../../src/core/oci/image-config.ts';
import { trustedDigest } from '../../../src/core/digest/digest.ts';
import type { Manifest } from '../../../src/core/oci/manifest.ts';

const digest = trustedDigest(`sha256:${'0'.repeat(64)}`);

function imageConfig(config: ContainerConfig, more: object = {}): ImageConfig {
  return { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] }, config, ...more };
}

function compared(before: ContainerConfig, after: ContainerConfig) {
  return compareConfigs(imageConfig(before), imageConfig(after));
}

describe('two configs', () => {
  it('compare the environment variable by variable', () => {
    expect(compared({ Env: ['A=1', 'B=2', 'C'] }, { Env: ['A=1', 'B=3', 'D=x=y'] })).toEqual([
      { field: 'env', key: 'B', before: '2', after: '3' },
      { field: 'env', key: 'C', before: '' },
      { field: 'env', key: 'D', after: 'x=y' },
    ]);
  });

  it('tell another order of the variables that both have, and nothing of order for added ones', () => {
    expect(compared({ Env: ['A=1', 'B=2'] }, { Env: ['B=2', 'X=0', 'A=1'] })).toEqual([
      { field: 'env', key: 'X', after: '0' },
      { field: 'order of env', before: ['A', 'B'], after: ['B', 'A'] },
    ]);
  });

  it('compare labels, ports and volumes item by item', () => {
    const before = { Labels: { a: '1', b: '' }, ExposedPorts: { '80/tcp': {} }, Volumes: { '/data': {} } };
    const after = { Labels: { a: '2' }, ExposedPorts: { '81/tcp': {} }, Volumes: { '/data': {} } };
    expect(compared(before, after)).toEqual([
      { field: 'label', key: 'a', before: '1', after: '2' },
      { field: 'label', key: 'b', before: '' },
      { field: 'port', key: '80/tcp', before: true },
      { field: 'port', key: '81/tcp', after: true },
    ]);
  });

  it('compare everything else whole, under the names that inspect has', () => {
    const before = { Cmd: ['a'], User: 'root', WorkingDir: '/', StopSignal: 'SIGTERM' };
    expect(compared(before, { Cmd: ['a', 'b'], Entrypoint: ['e'], WorkingDir: '/app' })).toEqual([
      { field: 'cmd', before: ['a'], after: ['a', 'b'] },
      { field: 'entrypoint', after: ['e'] },
      { field: 'stop signal', before: 'SIGTERM' },
      { field: 'user', before: 'root' },
      { field: 'workdir', before: '/', after: '/app' },
    ]);
  });

  it('take an empty value for none', () => {
    expect(compared({ User: '', Cmd: [], Labels: {}, Env: [], Volumes: {} }, {})).toEqual([]);
  });

  it('tell platform, history and members that no specification names', () => {
    const more = { architecture: 'arm64', variant: 'v8', history: [{ comment: 'x' }], own: { a: 1 } };
    expect(compareConfigs(imageConfig({}), imageConfig({}, more))).toEqual([
      { field: 'history', after: [{ comment: 'x' }] },
      { field: 'own', after: { a: 1 } },
      { field: 'platform', before: 'linux/amd64', after: 'linux/arm64/v8' },
    ]);
  });

  it('take members of any name and shape', () => {
    const more = { constructor: 'x', Env: 7, Labels: 'text', toString: { a: 1 } };
    expect(compareConfigs(imageConfig({}), imageConfig({}, more))).toEqual([
      { field: 'Env', after: 7 },
      { field: 'Labels', after: 'text' },
      { field: 'constructor', after: 'x' },
      { field: 'toString', after: { a: 1 } },
    ]);
  });

  it("keep the container's members apart from an image's own of that name", () => {
    expect(compareConfigs(imageConfig({ User: 'app' }), imageConfig({}, { User: 'app' }))).toEqual([
      { field: 'User', after: 'app' },
      { field: 'user', before: 'app' },
    ]);
  });

  it('leave diffIDs to the layers', () => {
    const rootfs = { type: 'layers', diff_ids: [digest] } as const;
    expect(compareConfigs(imageConfig({}), imageConfig({}, { rootfs }))).toEqual([]);
  });

  it('keep a variable and a label apart whatever they are called', () => {
    expect(compared({ Env: ['__proto__=1'] }, { Labels: { constructor: '1' } })).toEqual([
      { field: 'env', key: '__proto__', before: '1' },
      { field: 'label', key: 'constructor', after: '1' },
    ]);
  });
});

it('two manifests compare annotations one by one, and media types', () => {
  const manifest = (mediaType: string, more: object): Manifest => ({
    schemaVersion: 2,
    config: { mediaType, digest, size: 1 },
    layers: [],
    ...more,
  });
  const before = manifest('oci', { mediaType: 'm', annotations: { a: '1', b: '1' } });
  expect(compareManifests(before, manifest('docker', { annotations: { a: '2', b: '1' } }))).toEqual([
    { field: 'annotation', key: 'a', before: '1', after: '2' },
    { field: 'config media type', before: 'oci', after: 'docker' },
    { field: 'media type', before: 'm' },
  ]);
});
