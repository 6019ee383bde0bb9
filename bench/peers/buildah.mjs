/** buildah and podman, each with empty storage of its own below the run's folder. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { layoutBytes } from '../layout-bytes.mjs';
import { timed } from '../timed.mjs';

/** @type {import('../bench.mjs').Contender} */
export const buildahBud = {
  name: 'buildah bud, push oci:',
  needs: ['buildah'],
  run: async ({ bench, folder }) => {
    const layout = join(folder, 'layout');
    const { wall, cpu } = await timed({
      script: `run() { ${ownMounts} buildah --root "$folder/root" --runroot "$folder/run" "$@"; }
folder=$1
run bud --isolation chroot --network host --timestamp 0 -q -t bench -f "$2" "$3"
run push -q bench "oci:$4:bench"`,
      operands: [folder, containerfile(folder), bench.tree, layout],
    });
    return { wall, cpu, bytes: layoutBytes(layout) };
  },
};

/** It compresses nothing until it pushes, so that its bytes are no figure. @type {import('../bench.mjs').Contender} */
export const podmanBuild = {
  name: 'podman build',
  needs: ['podman'],
  run: async ({ bench, folder }) =>
    timed({
      script: `${ownMounts} podman --root "$1/root" --runroot "$1/run" \\
  build --isolation chroot --network host --timestamp 0 -q -t bench -f "$2" "$3"`,
      operands: [folder, containerfile(folder), bench.tree],
    }),
};

// Their storage mounts itself, which would stand in the way of removing it; with the namespace those mounts go.
const ownMounts = process.getuid?.() === 0 ? 'unshare -m' : '';

/** @param {string} folder */
function containerfile(folder) {
  const path = join(folder, 'Containerfile');
  writeFileSync(path, 'FROM scratch\nCOPY node_modules /node_modules\n');
  return path;
}
