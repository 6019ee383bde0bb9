/** GNU tar through a compressor: no image, only the bytes of a layer, and the least that anyone could do. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { timed } from '../timed.mjs';

export const tarGzip6 = pipeline('gzip -6');
export const tarPigz6 = pipeline('pigz -6');
export const tarPigz1 = pipeline('pigz -1');
export const tarZstd3 = pipeline('zstd -q -3 -T2');

/**
 * @param {string} compressor
 * @returns {import('../bench.mjs').Contender}
 */
function pipeline(compressor) {
  return {
    name: `tar | ${compressor.replace(' -q', '')}`,
    needs: ['tar', compressor.split(' ')[0] ?? ''],
    run: async ({ bench, folder }) => {
      const layer = join(folder, 'layer');
      const { wall, cpu } = await timed({
        script: `tar -cf - -C "$1" node_modules | ${compressor} >"$2"`,
        operands: [bench.tree, layer],
      });
      return { wall, cpu, bytes: statSync(layer).size };
    },
  };
}
