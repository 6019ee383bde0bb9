/** buildah and podman, each with empty storage of its own below the run's folder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutBytes } from '../layout-bytes.mjs';
import { timed } from '../timed.mjs';

/** @type {import('../bench.mjs').Contender} */
export const buildahBud = {
  name: 'buildah bud, push oci:',
  needs: ['buildah'],
  run: async ({ bench, folder }) => {
    const layout = join(folder, 'layout');
    const { wall, cpu } = await withStorage(folder, (storage) =>
      timed({
        script: `run() { ${ownMounts} buildah "\${storage[@]}" "$@"; }
storage=("\${@:4}")
run bud ${likeOthers} -f "$1" "$2"
run push -q bench "oci:$3:bench"`,
        operands: [containerfile(folder), bench.tree, layout, ...storage],
      }),
    );
    return { wall, cpu, bytes: layoutBytes(layout) };
  },
};

/** It compresses nothing until it pushes, so that its bytes are no figure. @type {import('../bench.mjs').Contender} */
export const podmanBuild = {
  name: 'podman build',
  needs: ['podman'],
  run: async ({ bench, folder }) =>
    withStorage(folder, (storage) =>
      timed({
        script: `${ownMounts} podman "\${@:3}" build ${likeOthers} -f "$1" "$2"`,
        operands: [containerfile(folder), bench.tree, ...storage],
      }),
    ),
};

const likeOthers = '--isolation chroot --network host --timestamp 0 -q -t bench';

// Their storage mounts itself, which would stand in the way of removing it; with the namespace those mounts go.
const ownMounts = process.getuid?.() === 0 ? 'unshare -m' : '';

/**
 * podman refuses a --runroot of more than 50 characters, so it stands in the folder for temporary files.
 * @template T
 * @param {string} folder
 * @param {(options: readonly string[]) => Promise<T>} use
 * @returns {Promise<T>}
 */
async function withStorage(folder, use) {
  const runRoot = mkdtempSync(join(tmpdir(), 'lw-'));
  try {
    return await use(['--root', join(folder, 'root'), '--runroot', runRoot]);
  } finally {
    rmSync(runRoot, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function containerfile(folder) {
  const path = join(folder, 'Containerfile');
  writeFileSync(path, 'FROM scratch\nCOPY node_modules /node_modules\n');
  return path;
}
