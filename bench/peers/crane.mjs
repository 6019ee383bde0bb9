/** crane, where it is on PATH: a tar as the one layer of an image, and a layout to a registry. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { withRegistry } from '../loopback-registry.mjs';
import { timed } from '../timed.mjs';

/** @type {import('../bench.mjs').Contender} */
export const craneAppend = {
  name: 'tar, crane append',
  needs: ['tar', 'crane'],
  run: async ({ bench, folder }) => {
    const image = join(folder, 'image.tar');
    const { wall, cpu } = await timed({
      script: `tar -cf "$1/layer.tar" -C "$2" node_modules
crane append --oci-empty-base -f "$1/layer.tar" -t localhost/bench:latest -o "$3"`,
      operands: [folder, bench.tree, image],
    });
    return { wall, cpu, bytes: statSync(image).size };
  },
};

/** @type {import('../bench.mjs').Contender} */
export const cranePush = {
  name: 'crane push',
  needs: ['crane', 'docker-registry'],
  run: async ({ bench, folder }) => {
    const { layout } = await bench.built();
    return withRegistry(folder, (host) =>
      timed({ script: 'crane push --insecure "$1" "$2/bench:latest"', operands: [layout, host] }),
    );
  },
};
