import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digestOfValue } from '../../../src/core/digest/digest.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import type { Platform } from '../../../src/core/oci/platform.ts';
import { makePlan } from '../../../src/core/plan/make-plan.ts';
import { type BaseImage, requestKey, type SourceTree } from '../../../src/core/plan/snapshot.ts';
import { sourceRequests } from '../../../src/core/plan/source-request.ts';
import type { FileTree } from '../../../src/core/tree/file-tree.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import { recipeOf, targetsOf } from './read-recipe.ts';

const root = new URL('../../../', import.meta.url);
const text = readFileSync(new URL('oci.config.example.yaml', root), 'utf8');

describe('oci.config.example.yaml', () => {
  it('has every key of the schema', () => {
    const schema = JSON.parse(readFileSync(new URL('schema/recipe.schema.json', root), 'utf8')) as unknown;
    const written = new Set<string>();
    for (const pointer of recipeOf(text).places.keys.keys())
      written.add(pointer.slice(pointer.lastIndexOf('/') + 1));
    expect([...keysOf(schema)].filter((key) => !written.has(key))).toEqual([]);
  });

  it('expands to two images for two platforms', () => {
    const targets = targetsOf(text, { args: { VERSION: '1.4.0' }, env: { GITHUB_SHA: 'abc' } });
    expect(targets.map(({ image, platform }) => [image.name, platform.architecture, image.tags[0]])).toEqual([
      ['api', 'amd64', '1.4.0'],
      ['api', 'arm64', '1.4.0'],
      ['debug', 'amd64', 'debug'],
      ['debug', 'arm64', 'debug'],
    ]);
    expect(targets[0]?.image.annotations).toEqual({ 'org.opencontainers.image.revision': 'abc' });
  });

  it('is planned, with a layer for each item that a platform has', () => {
    const targets = targetsOf(text);
    const sources = targets
      .flatMap((target) => sourceRequests(target))
      .map(({ request }) => [requestKey(request), tree]);
    const bases = targets.map(({ image, platform }) => [
      requestKey({ reference: image.from, platform }),
      baseFor(platform),
    ]);
    const outcome = makePlan({
      recipe: recipeOf(text),
      targets,
      snapshot: {
        sources: Object.fromEntries(sources) as Record<string, SourceTree>,
        bases: Object.fromEntries(bases) as Record<string, BaseImage>,
      },
      settings: { layerFormat: 1, epoch: 0 },
      selected: new Set(['api', 'debug']),
    });
    const plan = outcome.ok ? outcome.value.plan : undefined;
    expect(outcome.ok ? [] : outcome.diagnostics).toEqual([]);
    expect(plan?.images.map(({ name, platforms }) => [name, platforms.length])).toEqual([
      ['api', 2],
      ['debug', 2],
    ]);
    expect(plan?.actions.filter(({ kind }) => kind === 'index')).toHaveLength(2);
  });
});

/** One file, whatever is asked for: what the example names is not in this repository. */
const fileTree: FileTree = {
  entries: [
    {
      ...{ type: 'file', path: 'one' as ImagePath, mode: 0o644, uid: 0, gid: 0, mtime: { seconds: 0 } },
      ...{ size: 1, digest: digestOfValue('one') },
    },
  ],
};
const tree: SourceTree = {
  digest: digestOfValue(fileTree),
  tree: fileTree,
  contents: { ['one' as ImagePath]: { in: 'literal', base64: 'MQ==' } },
  single: true,
};

function baseFor(platform: Platform): BaseImage {
  const diffId = digestOfValue(['layer', platform.architecture]);
  return {
    location: { transport: 'oci', path: 'base' },
    manifest: {
      mediaType: mediaTypes.manifest,
      digest: digestOfValue(['manifest', platform.architecture]),
      size: 1,
    },
    annotations: {},
    config: {
      ...platform,
      config: { Env: ['PATH=/usr/bin'] },
      rootfs: { type: 'layers', diff_ids: [diffId] },
      history: [{ created_by: 'base' }],
    },
    layers: [{ descriptor: { mediaType: mediaTypes.layer, digest: diffId, size: 1 }, diffId }],
    folders: [],
  };
}

/** The names of all properties anywhere in a schema. */
function keysOf(schema: unknown, keys = new Set<string>()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return keys;
  if ('properties' in schema && typeof schema.properties === 'object' && schema.properties !== null) {
    for (const key of Object.keys(schema.properties)) keys.add(key);
  }
  for (const child of Object.values(schema)) keysOf(child, keys);
  return keys;
}
