/** Every row of the bench, in the order in which they run and are shown. */
import { comparison } from '../bench.mjs';
import { coldBuild, ourVersionCommand } from '../ours.mjs';
import { buildahBud, podmanBuild } from '../peers/buildah.mjs';
import { containerify } from '../peers/containerify.mjs';
import { craneAppend } from '../peers/crane.mjs';
import { bareNode } from '../peers/node.mjs';
import { againComparisons } from './again.mjs';
import { buildComparisons } from './build.mjs';
import { debianComparisons } from './debian.mjs';
import { deliverComparisons } from './deliver.mjs';
import { memoryComparisons } from './memory.mjs';
import { npmComparisons } from './npm.mjs';

/** @type {readonly import('../bench.mjs').Comparison[]} */
export const comparisons = [
  ...buildComparisons,
  ...againComparisons,
  ...memoryComparisons,
  ...deliverComparisons,
  ...debianComparisons,
  ...npmComparisons,
  comparison({
    id: 'version',
    title: '--version, over bare node',
    ours: ourVersionCommand(),
    theirs: bareNode,
    figures: [{ of: 'wall', by: 'difference', reach: 0.03 }],
    times: 4,
  }),
  againstBuilder('build-buildah', buildahBud),
  againstBuilder('build-podman', podmanBuild),
  againstBuilder('build-containerify', containerify),
  againstBuilder('build-crane', craneAppend),
];

/**
 * Image builders without a target: they take a minute each.
 * @param {string} id
 * @param {import('../bench.mjs').Contender} theirs
 */
function againstBuilder(id, theirs) {
  return comparison({
    id,
    title: 'build, gzip 6',
    ours: coldBuild('gzip-6'),
    theirs,
    figures: [{ of: 'wall', by: 'ratio' }],
    atMost: 2,
  });
}
