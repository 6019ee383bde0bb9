/**
 * The order in which vitest begins the test files: what takes longest first, so that no worker is left alone with one at
 * the end. Vitest itself goes by the durations of its last run, which a fresh clone has none of, and then by the sizes
 * of the files, which say nothing of the tools and images in them. Order is all that this decides: every file runs.
 */
import { relative } from 'node:path';
import { BaseSequencer } from 'vitest/node';

/** Half a minute or more each on two cores, longest first, below test/. */
export const longest = [
  'interop/whole-path-run',
  'interop/debian-packages',
  'interop/npm/trees',
  'bench/harness',
  'interop/deb-resolve',
  'interop/conformance',
  'interop/npm/services',
];

/** Then the folders whose files start commands, engines and registries; the others' are over in a moment. */
export const slowFolders = ['interop', 'examples', 'e2e', 'reproducibility', 'docs', 'hostile'];

export default class LongestFirst extends BaseSequencer {
  /**
   * @override
   * @param {import('vitest/node').TestSpecification[]} files
   */
  async sort(files) {
    const { root } = this.ctx.config;
    const rank = (/** @type {import('vitest/node').TestSpecification} */ { moduleId }) =>
      rankOf(relative(root, moduleId).replaceAll('\\', '/'));
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

/**
 * Low is early.
 * @param {string} file its path below the root of the project
 */
export function rankOf(file) {
  const own = longest.indexOf(file.replace(/^test[/]/, '').replace(/[.]test[.]ts$/, ''));
  if (own >= 0) return own;
  const folder = slowFolders.findIndex((name) => file.startsWith(`test/${name}/`));
  return longest.length + (folder >= 0 ? folder : slowFolders.length);
}
