/**
 * The bytes of zstd layers: libzstd's for fixed inputs. A change here without a change of layerFormat breaks every digest
 * that users have written down.
 */
import { expect, test } from 'vitest';
import { createZstdEncoder } from '../../src/io/layer/zstd-encoder.ts';
import { sampleInputs, textBytes } from '../core/deflate/sample-inputs.ts';
import { digestOfBytes, fileEntry, pack } from '../io/layer/pack-entries.ts';

const inputs = {
  ...Object.fromEntries(Object.entries(sampleInputs).filter(([name]) => !name.startsWith('4 MiB'))),
  '4 MiB of text': textBytes(4 * 1024 * 1024),
};

test.each([1, 3, 19])(
  'frames at level %s have these digests and sizes',
  { timeout: 240_000 },
  async (level) => {
    const encoder = await createZstdEncoder(level);
    const lines = Object.entries(inputs).map(([name, input]) => {
      const frame = encoder.encode(input);
      return `${name}: ${digestOfBytes(frame)} ${String(frame.length)}`;
    });
    expect(lines).toMatchSnapshot();
  },
);

test('a layer of several blocks has this digest, diffID and size', async () => {
  const contents = { a: textBytes(5_000_000), b: 'b'.repeat(4_000_000) };
  const entries = Object.entries(contents).map(([path, content]) => fileEntry(path, content));
  const { layer } = await pack(entries, contents, { compression: { type: 'zstd', level: 3 } });
  expect(layer).toMatchSnapshot();
});
