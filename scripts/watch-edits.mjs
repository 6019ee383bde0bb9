/**
 * The edits of the watch campaign, in the order of a working day: each changes the project in a way that editors,
 * compilers, git and people do. `compiles` are those that tsc answers.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { git, recipe, vendorFile, vendorText } from './watch-project.mjs';

/**
 * @typedef {object} Edit
 * @property {string} name
 * @property {boolean} [compiles]
 * @property {(folder: string, turn: number, files: number) => void} make
 */

/** @type {readonly Edit[]} */
const everyday = [
  { name: 'save', make: (folder, turn) => write(folder, 'public/p0/page0.html', `<p>${turn}</p>`) },
  {
    name: 'atomic save',
    make: (folder, turn) => saveAtomically(folder, 'public/p2/page2.html', `<p>${turn}</p>`),
  },
  {
    name: 'source file',
    compiles: true,
    make: (folder, turn) => write(folder, 'src/m3.ts', `export const value3: number = ${turn};\n`),
  },
  { name: 'mode', make: (folder) => toggleMode(join(folder, 'public/p3/page3.html')) },
  { name: 'new file', make: (folder, turn) => write(folder, `public/p4/new${turn}.html`, 'new') },
  {
    name: 'deleted file',
    make: (folder, turn) => rmSync(join(folder, `public/p4/new${turn - 1}.html`), { force: true }),
  },
  {
    name: 'link',
    make: (folder, turn) => retarget(join(folder, 'public/p0/index.html'), `page${(turn % 5) * 6}.html`),
  },
  { name: 'renamed folder', make: (folder) => swapNames(folder, 'public/p5', 'public/p5-renamed') },
  {
    name: 'save in it',
    make: (folder, turn) =>
      write(folder, `${existing(folder, 'public/p5', 'public/p5-renamed')}/page5.html`, `${turn}`),
  },
  { name: 'new folders', make: (folder, turn) => write(folder, `public/deep/${turn}/er/page.html`, 'deep') },
  {
    name: 'deleted folders',
    make: (folder) => rmSync(join(folder, 'public/deep'), { recursive: true, force: true }),
  },
  {
    name: 'recipe',
    make: (folder, turn) => write(folder, 'oci.config.yaml', `${recipe}env: { TURN: "${turn}" }\n`),
  },
  {
    name: 'ignore file',
    make: (folder, turn) => write(folder, '.dockerignore', `**/*.map\n**/page${turn % 9}.html\n`),
  },
  { name: 'several at once', make: severalAtOnce },
  {
    name: 'two in a build',
    make: (folder, turn) => write(folder, vendorFile(turn), vendorText(turn, turn + 2)),
  },
  {
    name: 'removed source',
    compiles: true,
    make: (folder, turn) => toggleFile(folder, 'src/extra.ts', `export const extra = ${turn};\n`),
  },
  {
    name: 'vendor save',
    make: (folder, turn, files) =>
      write(folder, vendorFile((turn * 7) % (files >> 1)), vendorText(turn, turn)),
  },
  { name: 'compiled folder away and back', make: awayAndBack },
];

/** @type {Edit} */
const branchSwitch = { name: 'branch', compiles: true, make: switchBranch };
/** @type {Edit} */
const storm = { name: 'storm', make: makeStorm };

/**
 * The edit of a turn: every tenth switches the branch, and two in a campaign are storms.
 * @param {number} turn @param {number} turns @returns {Edit}
 */
export function editOf(turn, turns) {
  if (turn === Math.floor(turns / 3) || turn === Math.floor((2 * turns) / 3)) return storm;
  if (turn % 10 === 9) return branchSwitch;
  return /** @type {Edit} */ (everyday[turn % everyday.length]);
}

/** @param {string} folder @param {string} name @param {string} text */
function write(folder, name, text) {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

/** @param {string} folder @param {string} name @param {string} text */
function saveAtomically(folder, name, text) {
  write(folder, `${name}~`, text);
  renameSync(join(folder, `${name}~`), join(folder, name));
}

/** @param {string} path */
function toggleMode(path) {
  chmodSync(path, (statSync(path).mode & 0o111) === 0 ? 0o755 : 0o644);
}

/** @param {string} link @param {string} target */
function retarget(link, target) {
  unlinkSync(link);
  symlinkSync(target, link);
}

/** @param {string} folder @param {string} one @param {string} other */
function existing(folder, one, other) {
  return existsSync(join(folder, one)) ? one : other;
}

/** @param {string} folder @param {string} one @param {string} other */
function swapNames(folder, one, other) {
  const from = existing(folder, one, other);
  renameSync(join(folder, from), join(folder, from === one ? other : one));
}

/** @param {string} folder @param {string} name @param {string} text */
function toggleFile(folder, name, text) {
  if (existsSync(join(folder, name))) unlinkSync(join(folder, name));
  else write(folder, name, text);
}

/** @param {string} folder @param {number} turn @param {number} files */
function severalAtOnce(folder, turn, files) {
  for (let at = 0; at < 20; at++) write(folder, vendorFile((at * 13) % (files >> 1)), vendorText(at, turn));
  write(folder, 'public/p2/page8.html', `<p>${turn}</p>`);
}

/** @param {string} folder */
function awayAndBack(folder) {
  renameSync(join(folder, 'dist'), join(folder, 'dist-away'));
  renameSync(join(folder, 'dist-away'), join(folder, 'dist'));
  writeFileSync(join(folder, 'dist/m5.js'), `${readFileSync(join(folder, 'dist/m5.js'), 'utf8')}// edited\n`);
}

/** What was edited is kept by a commit, as it would be. @param {string} folder */
function switchBranch(folder) {
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'work');
  const head = readFileSync(join(folder, '.git/HEAD'), 'utf8');
  git(folder, 'checkout', '-q', head.includes('feature') ? 'main' : 'feature');
}

/** @param {string} folder @param {number} turn @param {number} files */
function makeStorm(folder, turn, files) {
  for (let at = 0; at < Math.min(5000, files >> 1); at++) write(folder, vendorFile(at), vendorText(at, turn));
}
