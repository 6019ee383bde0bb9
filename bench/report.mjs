/** What a bench writes as JSON: what was measured, where, and with which versions. */
import { machine, ourVersion } from './machine.mjs';
import { toolNames, toolVersion } from './peers/tools.mjs';

/**
 * @typedef {{ id: string, why: string }} Left a row without figures
 *
 * @typedef {object} Result
 * @property {import('./compare.mjs').Row[]} rows
 * @property {Left[]} skipped
 * @property {Left[]} failed
 *
 * @typedef {{ name: string, files: number, folders: number, links: number, bytes: number }} Tree
 */

/**
 * @param {import('./bench.mjs').Bench} bench
 * @param {Tree} tree
 * @param {Result} result
 */
export function benchReport(bench, tree, result) {
  return {
    benchVersion: 1,
    date: new Date().toISOString(),
    layerwright: ourVersion(),
    node: process.version,
    machine: machine(),
    tools: toolNames.map((name) => ({ name, version: toolVersion(name, bench) ?? 'not installed' })),
    tree,
    ...result,
  };
}
