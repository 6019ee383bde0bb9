/**
 * One golden key for each kind of action. A change here means that every cached result of the kind is lost, and must
 * be: raise the kind's version in cache-key.ts where the bytes it makes change, then run `npm run golden`.
 */
import { expect, test } from 'vitest';
import { digestOf } from '../../src/core/digest/digest.ts';
import { fetchKey, imageKey, indexKey, layerKey } from '../../src/core/plan/cache-key.ts';
import type { ImagePath } from '../../src/core/tree/image-path.ts';

const digest = digestOf(new Uint8Array());
const descriptor = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 0 };
const platform = { os: 'linux', architecture: 'arm64', variant: 'v8' };

test('the keys of fixed inputs stay what they are', () => {
  const layer = {
    placements: [{ tree: digest, to: 'app' as ImagePath, rules: { owner: { uid: 1, gid: 2 }, mode: 0o644 } }],
    entries: [{ type: 'removed', path: 'old' as ImagePath }] as const,
    compression: { type: 'gzip', level: 6 } as const,
  };
  const image = {
    format: 'oci' as const,
    platform,
    layers: [{ from: 'action', key: digest }] as const,
    needs: [digest],
    created: '1970-01-01T00:00:00Z',
    config: { Cmd: ['x'] },
    baseConfig: {},
    history: [{ created_by: 'x' }],
    annotations: { a: 'b' },
  };
  expect({
    fetch: fetchKey({ location: { transport: 'oci', path: 'x' }, platform, manifest: descriptor }),
    layer: layerKey(layer, { layerFormat: 1 }),
    image: imageKey(image),
    index: indexKey({ format: 'oci', images: [{ key: digest, platform }], annotations: {} }),
  }).toMatchSnapshot();
});
