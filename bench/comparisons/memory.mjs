/** The most memory that our one process holds: all threads and shared memory together. */
import { join } from 'node:path';
import { comparison } from '../bench.mjs';
import { buildOperands, ourWords } from '../ours.mjs';
import { peakMemory, whyNoMemory } from '../peak-memory.mjs';

/** @type {readonly [import('../bench.mjs').Figure]} */
const figures = [{ of: 'peak', by: 'value', reach: 200e6, later: 150e6 }];

/**
 * @param {string} name
 * @param {(bench: import('../bench.mjs').Bench) => readonly string[]} operands
 * @returns {import('../bench.mjs').Contender}
 */
function measured(name, operands) {
  return {
    name,
    needs: [],
    run: async ({ bench, folder }) => ({
      peak: await peakMemory(ourWords(operands(bench)), { LAYERWRIGHT_CACHE_DIR: join(folder, 'store') }),
    }),
  };
}

export const memoryComparisons = [
  comparison({
    id: 'memory-tree',
    title: 'peak memory, the tree, gzip 6',
    ours: measured('layerwright build, gzip-6', (bench) => buildOperands(bench.tree, 'gzip-6')),
    figures,
    whyNot: whyNoMemory,
  }),
  comparison({
    id: 'memory-file',
    title: 'peak memory, one large file, gzip 6',
    ours: measured('layerwright build, large-file', (bench) => buildOperands(bench.bigFile(), 'large-file')),
    figures,
    atMost: 2,
    whyNot: whyNoMemory,
  }),
];
