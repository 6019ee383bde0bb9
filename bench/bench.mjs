/** The words of the bench: what is compared, who contends, and where one run works. */

/**
 * @typedef {object} Bench what all runs share
 * @property {string} folder of all that the bench keeps
 * @property {boolean} small whether it only shows that the bench works
 * @property {string} tree holds node_modules, a file that changes, and our recipes
 * @property {() => string} bigFile a folder that holds one large file, and a recipe; made when it is first asked for
 * @property {string} work for the runs; removed at the end
 * @property {() => Promise<Built>} built made once, when it is first asked for
 *
 * @typedef {object} Built the tree, built by us with gzip 6
 * @property {string} store what LAYERWRIGHT_CACHE_DIR names: nothing is left to do in it
 * @property {string} layout an image layout, with one image, tagged `latest`
 * @property {string} digest of that image
 *
 * @typedef {object} Place
 * @property {Bench} bench
 * @property {string} folder fresh for this run, and removed after all runs of its row
 *
 * @typedef {object} Run
 * @property {number} [wall] seconds
 * @property {number} [cpu] seconds, over all processes
 * @property {number} [bytes] of compressed layers, or of the archive that holds them
 * @property {number} [peak] bytes of memory of the process that held the most
 *
 * @typedef {object} Contender
 * @property {string} name as people would type it
 * @property {readonly string[]} needs tools of peers/tools.mjs
 * @property {(place: Place) => Promise<Run>} run only what it times is timed
 * @property {(place: Place) => Promise<void>} [check] throws where what the run made is wrong; asked once
 *
 * @typedef {object} Figure
 * @property {'wall' | 'bytes' | 'peak'} of
 * @property {import('./figures.mjs').Against} by
 * @property {number} [reach] the median is at most this: a ratio, seconds or bytes
 * @property {number} [later] what is wished for afterwards
 *
 * @typedef {object} Comparison
 * @property {string} id a row's name for --rows
 * @property {string} title
 * @property {Contender} ours
 * @property {Contender} [theirs]
 * @property {readonly [Figure, ...Figure[]]} figures
 * @property {number} [times] as many pairs as --pairs says, times this; for what is over at once, with a run of each to
 *   warm up
 * @property {number} [atMost] pairs, where one takes minutes and no target hangs on it
 * @property {(bench: Bench) => string | undefined} [whyNot] why it cannot be run here
 */

/** @param {Comparison} comparison */
export function comparison(comparison) {
  return comparison;
}
