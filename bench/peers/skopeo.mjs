/** skopeo: the layout that we made, to a registry that has nothing yet, or has it all. */
import { withRegistry } from '../loopback-registry.mjs';
import { timed, untimed } from '../timed.mjs';

/** @type {import('../bench.mjs').Contender} */
export const skopeoCopy = {
  name: 'skopeo copy oci: docker:',
  needs: ['skopeo', 'docker-registry'],
  run: async ({ bench, folder }) => {
    const { layout } = await bench.built();
    return withRegistry(folder, (host) => timed(copy(layout, host)));
  },
};

/** @type {import('../bench.mjs').Contender} */
export const skopeoCopyAgain = {
  name: 'skopeo copy, a second time',
  needs: ['skopeo', 'docker-registry'],
  run: async ({ bench, folder }) => {
    const { layout } = await bench.built();
    return withRegistry(folder, async (host) => {
      await untimed(copy(layout, host));
      return timed(copy(layout, host));
    });
  },
};

/**
 * @param {string} layout
 * @param {string} host
 */
function copy(layout, host) {
  return {
    script: 'skopeo copy --quiet --dest-tls-verify=false "oci:$1:latest" "docker://$2/bench:latest"',
    operands: [layout, host],
  };
}
