import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { formatDifference } from '../../../src/core/compare/difference.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import type { LayerAccess } from '../../../src/io/verify/layer-access.ts';
import { layerDifferences } from '../../../src/io/verify/layer-differences.ts';
import { sha256Of } from '../../rigs/layer-image.ts';
import { packOurs } from '../../rigs/planted-image.ts';
import { rawTar } from '../../rigs/raw-tar.ts';

const { signal } = new AbortController();

/** Read in chunks of an odd size, so that nothing fits anywhere. */
function layer(tar: Buffer, packed: Buffer = tar, mediaType: string = mediaTypes.layer): LayerAccess {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < packed.length; at += 777) yield packed.subarray(at, at + 777);
  };
  const descriptor = { mediaType, digest: sha256Of(packed), size: packed.length };
  return { descriptor, diffId: sha256Of(tar), open: chunks };
}

async function said(rebuilt: LayerAccess, given: LayerAccess): Promise<string[]> {
  const texts: string[] = [];
  for await (const found of layerDifferences({ rebuilt, given }, signal)) {
    texts.push(formatDifference({ ...found, where: 'it' }, { rebuilt: 'ours', given: 'theirs' }).slice(4));
  }
  return texts;
}

const long = Array.from({ length: 5000 }, (_, at) => `${String((at * 7919) % 1009)} `).join('');

describe('contents that differ', () => {
  test.each([
    ['in the first byte', `X${long.slice(1)}`, 'f: content at byte 0: 0x30 ≠ 0x58'],
    [
      'in the last byte',
      `${long.slice(0, -1)}X`,
      `f: content at byte ${String(long.length - 1)}: 0x20 ≠ 0x58`,
    ],
    [
      'in length',
      `${long}more`,
      `f: content of ${String(long.length)} and of ${String(long.length + 4)} bytes at byte ${String(long.length)}: the end ≠ 0x6d`,
    ],
  ])('%s are named by the byte', async (_, content, wanted) => {
    const around = { name: 'e', content: 'before' };
    const [ours, theirs] = [long, content].map((text) => rawTar([around, { name: 'f', content: text }]));
    expect(await said(layer(ours ?? Buffer.alloc(0)), layer(theirs ?? Buffer.alloc(0)))).toEqual([wanted]);
  });
});

describe('one tar, compressed by', () => {
  const tar = rawTar([{ name: 'f', content: long }]);
  const gzip = async (level: number): Promise<LayerAccess> =>
    layer(tar, await packOurs(tar, level), mediaTypes.layerGzip);

  test('our encoder at two levels names both', async () => {
    const prefix = 'same tar, other compressed bytes: gzip level';
    expect(await said(await gzip(6), await gzip(1))).toEqual([`${prefix} 6 ≠ 1`]);
    expect(await said(await gzip(1), await gzip(6))).toEqual([`${prefix} 1 ≠ 6`]);
  });

  test('another encoder names that, and what it writes in its header', async () => {
    const theirs = layer(tar, gzipSync(tar), mediaTypes.layerGzip);
    const [encoder, ...header] = await said(await gzip(6), theirs);
    expect(encoder).toBe(
      'same tar, other compressed bytes: gzip made by another encoder, or by ours at another layerFormat',
    );
    expect(header).toContain('gzip header OS 255 ≠ 3');
  });

  test('our encoder at one level has no difference', async () => {
    expect(await said(await gzip(6), await gzip(6))).toEqual([]);
  });
});
