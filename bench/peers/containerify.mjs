/**
 * containerify, the one peer that is an npm package too; npm installs the version that bench/npm/containerify locks,
 * into the bench's folder. It builds on no image but one from a registry, so a loopback one gives it a tiny base.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withRegistry } from '../loopback-registry.mjs';
import { ourCommand } from '../ours.mjs';
import { timed, untimed } from '../timed.mjs';

/** @param {import('../bench.mjs').Bench} bench */
export function containerifyVersion(bench) {
  const manifest = join(packageFolder(bench), 'package.json');
  return existsSync(manifest) ? String(JSON.parse(readFileSync(manifest, 'utf8')).version) : undefined;
}

/** @type {import('../bench.mjs').Contender} */
export const containerify = {
  name: 'containerify',
  needs: ['containerify', 'docker-registry'],
  run: async ({ bench, folder }) =>
    withRegistry(folder, async (host) => {
      await pushBase(folder, host);
      const image = join(folder, 'image.tar');
      const { wall, cpu } = await timed({
        script: `"$1" "$2/lib/cli.js" --fromRegistry "http://$3/v2/" --allowInsecureRegistries --fromImage base:latest \\
  --toImage bench:latest --platform linux/amd64 --folder "$4" --customContent node_modules --toOciLayout "$5"`,
        operands: [process.execPath, packageFolder(bench), host, bench.tree, image],
      });
      return { wall, cpu, bytes: statSync(image).size };
    }),
};

/** @param {import('../bench.mjs').Bench} bench */
function packageFolder(bench) {
  return join(bench.folder, 'containerify/node_modules/containerify');
}

/**
 * @param {string} folder
 * @param {string} host
 */
async function pushBase(folder, host) {
  const recipe = 'from: scratch\nplatforms: [linux/amd64]\nlayers: [{ file: /base, content: base }]\n';
  writeFileSync(join(folder, 'oci.config.yaml'), recipe);
  await untimed(
    ourCommand(join(folder, 'store'), ['build', '-C', folder, '-q', '-o', `${host}/base:latest`]),
  );
}
