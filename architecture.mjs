/**
 * The walls of the house, as data. Lowest row first: a row may import only from the rows above it in this list, so
 * that there are no cycles by construction. `.dependency-cruiser.mjs` turns the rows into rules; `docs/architecture.md`
 * shows them to people, and a test holds the two equal.
 *
 * `folder` is a folder or a single file below src/. `node` says whether `node:` modules may be imported there.
 * `packages` are the npm packages that live there: a package has the owners named here and no others.
 *
 * @typedef {object} Row
 * @property {string} folder
 * @property {string} what
 * @property {boolean} node
 * @property {readonly string[]} packages
 */

/** @type {readonly Row[]} */
export const walls = [
  row('core/diagnostic', 'what is wrong, where in the text, and how to show it'),
  row('core/digest', 'names for bytes: digest, canonical JSON', { packages: ['@noble/hashes'] }),
  row('core/oci', 'what the OCI specifications say, and nothing of ours'),
  row('core/tree', 'what a layer holds before it is bytes'),
  row('core/deflate', 'the gzip encoder'),
  row('core/tar', 'tar as bytes, written and read'),
  row('core/zstd', 'the zstd decoder'),
  row('core/xz', 'the xz decoder'),
  row('core/bzip2', 'the bzip2 decoder'),
  row('core/zip', 'the directory of zip files'),
  row('core/npm', 'what package-lock.json and .npmrc say, and what npm makes of them'),
  row('core/recipe', 'what the user wrote: schema, parser, checks', { packages: ['yaml', 'valibot'] }),
  row('core/starter', 'the first recipe of a project that has none'),
  row('core/image', 'what comes out: config, manifest, index'),
  row('core/deb', 'Debian packages: their files, versions and closures'),
  row('core/plan', 'what will be done: snapshot, plan, keys', { packages: ['valibot'] }),
  row('core/lint', 'what is allowed in an image, and seldom meant'),
  row('core/event', 'what happens, said as values', { packages: ['valibot'] }),
  row('core/compare', 'two images or plans side by side'),
  row('core/attest', 'pure documents about an image'),
  row('io/layer', 'layer bytes: pack, unpack, compression', {
    node: true,
    packages: ['@bokuweb/zstd-wasm'],
  }),
  row('io/store', 'content by its name, on disk and in memory', { node: true }),
  row('io/registry', 'the distribution spec over HTTP', { node: true, packages: ['undici', 'smol-toml'] }),
  row('io/download', 'files of the web, verified into the store', { node: true }),
  row('io/transport', 'where images are read from and delivered to', {
    node: true,
    packages: ['tar-stream'],
  }),
  row('io/bundle', 'root file system and runtime bundle', { node: true, packages: ['@napi-rs/xattr'] }),
  row('io/source', 'reads the world once', { node: true, packages: ['npm-packlist', 'openpgp'] }),
  row('io/execute', 'does what the plan says', { node: true }),
  row('io/verify', 'an image held against its own promises, or against another', { node: true }),
  row('deliver.ts', 'hands finished images to the transport that a destination names', { node: true }),
  row('build.ts', 'wires the path of data, and nothing else', { node: true }),
  row('lock.ts', 'the commands of the lock: completes, moves and compares it', { node: true }),
  row('lint.ts', 'looks through images for what is seldom meant', { node: true }),
  row('io/watch', 'again, when something changed', { node: true }),
  row('io/serve', 'the distribution spec from the other side, over a store', { node: true }),
  row('oci.ts', 'the public face of core/oci'),
  row('registry.ts', 'the public face of io/registry'),
  row('index.ts', 'the public API, named exports only'),
  row('io/render', 'the only code that paints', { node: true }),
  row('cli', 'the command', { node: true, packages: ['commander', 'cosmiconfig'] }),
];

/**
 * @param {string} folder
 * @param {string} what
 * @param {{ node?: boolean, packages?: readonly string[] }} [rights]
 * @returns {Row}
 */
function row(folder, what, { node = false, packages = [] } = {}) {
  return { folder, what, node, packages };
}
