/** skopeo: the layout that we made, to a registry that has nothing yet, or has it all. */
import { checkPush } from '../check-push.mjs';
import { withRegistry } from '../loopback-registry.mjs';
import { timed, untimed } from '../timed.mjs';

/** @type {import('../bench.mjs').Contender} */
export const skopeoCopy = {
  name: 'skopeo copy oci: docker:',
  needs: ['skopeo', 'docker-registry'],
  run: async ({ bench, folder }) => {
    const built = await bench.built();
    return withRegistry(folder, async (host) => {
      const times = await timed(copy(built.layout, host));
      await checkPush(host, built);
      return times;
    });
  },
};

/** @type {import('../bench.mjs').Contender} */
export const skopeoCopyAgain = {
  name: 'skopeo copy, a second time',
  needs: ['skopeo', 'docker-registry'],
  run: async ({ bench, folder }) => {
    const built = await bench.built();
    return withRegistry(folder, async (host) => {
      await untimed(copy(built.layout, host));
      const times = await timed(copy(built.layout, host));
      await checkPush(host, built);
      return times;
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
