/** umoci: a folder into an image layout, and an image layout into a runtime bundle. */
import { join } from 'node:path';
import { layoutBytes } from '../layout-bytes.mjs';
import { timed } from '../timed.mjs';

// Only root may give files away.
const rootless = process.getuid?.() === 0 ? '' : '--rootless';

/** @type {import('../bench.mjs').Contender} */
export const umociInsert = {
  name: 'umoci init, new, insert',
  needs: ['umoci'],
  run: async ({ bench, folder }) => {
    const layout = join(folder, 'layout');
    const { wall, cpu } = await timed({
      script: `umoci init --layout "$1"
umoci new --image "$1:bench"
umoci insert ${rootless} --image "$1:bench" "$2" /node_modules`,
      operands: [layout, join(bench.tree, 'node_modules')],
    });
    return { wall, cpu, bytes: layoutBytes(layout) };
  },
};

/** @type {import('../bench.mjs').Contender} */
export const umociUnpack = {
  name: 'umoci unpack',
  needs: ['umoci'],
  run: async ({ bench, folder }) => {
    const { layout } = await bench.built();
    return timed({
      script: `umoci unpack ${rootless} --image "$1:latest" "$2"`,
      operands: [layout, join(folder, 'bundle')],
    });
  },
};
