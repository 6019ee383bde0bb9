/** The layout of the built tree: to a registry, to a registry that has it already, and into a runtime bundle. */
import { join } from 'node:path';
import { comparison } from '../bench.mjs';
import { withRegistry } from '../loopback-registry.mjs';
import { ourCommand, ourVersionCommand } from '../ours.mjs';
import { cranePush } from '../peers/crane.mjs';
import { skopeoCopy, skopeoCopyAgain } from '../peers/skopeo.mjs';
import { umociUnpack } from '../peers/umoci.mjs';
import { timed, untimed } from '../timed.mjs';

/** @typedef {import('../bench.mjs').Contender} Contender */

/** @type {Contender} */
const push = {
  name: 'layerwright push',
  needs: ['docker-registry'],
  run: async ({ bench, folder }) => {
    const { layout } = await bench.built();
    return withRegistry(folder, (host) => timed(pushCommand(folder, layout, host)));
  },
};

/** @type {Contender} */
const pushAgain = {
  name: 'layerwright push, a second time',
  needs: ['docker-registry'],
  run: async ({ bench, folder }) => {
    const { layout } = await bench.built();
    return withRegistry(folder, async (host) => {
      await untimed(pushCommand(folder, layout, host));
      return timed(pushCommand(folder, layout, host));
    });
  },
};

/** @type {Contender} */
const bundle = {
  name: 'layerwright bundle',
  needs: [],
  run: async ({ bench, folder }) => {
    const { layout } = await bench.built();
    const rootless = process.getuid?.() === 0 ? [] : ['--rootless'];
    const operands = ['bundle', ...rootless, `oci:${layout}:latest`, join(folder, 'bundle'), '-q'];
    return timed(ourCommand(join(folder, 'store'), operands));
  },
  check: async ({ bench, folder }) => {
    await untimed({
      script: 'diff -r --no-dereference "$1" "$2"',
      operands: [join(bench.tree, 'node_modules'), join(folder, 'bundle/rootfs/node_modules')],
    });
  },
};

/**
 * @param {string} folder
 * @param {string} layout
 * @param {string} host
 */
function pushCommand(folder, layout, host) {
  return ourCommand(join(folder, 'store'), ['push', `oci:${layout}:latest`, `${host}/bench:latest`, '-q']);
}

export const deliverComparisons = [
  comparison({
    id: 'push',
    title: 'push to a loopback registry',
    ours: push,
    theirs: skopeoCopy,
    figures: [{ of: 'wall', by: 'ratio', reach: 1.3, later: 1 }],
  }),
  comparison({
    id: 'push-again',
    title: 'push again, nothing new, over start-up',
    ours: pushAgain,
    theirs: ourVersionCommand(),
    figures: [{ of: 'wall', by: 'difference', reach: 0.2 }],
  }),
  comparison({
    id: 'push-again-skopeo',
    title: 'push again, nothing new',
    ours: pushAgain,
    theirs: skopeoCopyAgain,
    figures: [{ of: 'wall', by: 'ratio' }],
  }),
  comparison({
    id: 'push-crane',
    title: 'push to a loopback registry',
    ours: push,
    theirs: cranePush,
    figures: [{ of: 'wall', by: 'ratio' }],
    atMost: 2,
  }),
  comparison({
    id: 'unpack',
    title: 'unpack to a bundle',
    ours: bundle,
    theirs: umociUnpack,
    figures: [{ of: 'wall', by: 'ratio', reach: 0.7, later: 0.5 }],
  }),
];
