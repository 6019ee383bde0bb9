/**
 * The encoder's bytes at levels 1, 6 and 9. A format's file is written once and then stays: a released format must be
 * buildable for ever.
 */
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { layerFormat } from '../../src/core/deflate/layer-format.ts';
import { createPacker } from '../../src/io/layer/packer.ts';
import { encoderDigests } from './encoder-digests.ts';

test('the bytes of this layerFormat are those of its golden file', { timeout: 120_000 }, async () => {
  const file = resolve(import.meta.dirname, `encoder-format-${layerFormat}.txt`);
  try {
    await expect(await encoderDigests()).toMatchFileSnapshot(file);
  } catch (cause) {
    const message =
      `the encoder gives other bytes under layerFormat ${layerFormat}, so every digest that users have written down ` +
      'would break: take the change back, or raise layerFormat in src/core/deflate/layer-format.ts and run ' +
      '`npm run golden`, which writes the golden file of the new format beside this one';
    throw new Error(message, { cause });
  }
});

test.each([1, 2, 8])('they are the same with %i worker threads', { timeout: 120_000 }, async (threads) => {
  const packer = createPacker({ threads });
  try {
    expect(await encoderDigests(packer)).toBe(await encoderDigests());
  } finally {
    await packer.close();
  }
});
