/** The project that the watch campaign works in: files by the thousand, under git, with sources that tsc compiles. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const recipe = `image: example.com/app
workdir: /app
layers:
  - copy: vendor
    to: vendor
  - copy: public
    to: public
  - copy: dist
    to: dist
cmd: [node, dist/m0.js]
`;

const sources = 40;
const pages = 60;

/**
 * @param {string} folder
 * @param {number} files
 */
export function writeWatchProject(folder, files) {
  const write = writer(folder);
  write('oci.config.yaml', recipe);
  write('.dockerignore', '**/*.map\n');
  write('.gitignore', 'dist/\n');
  write('tsconfig.json', JSON.stringify(compilerOptions));
  for (let at = 0; at < sources; at++) write(`src/m${at}.ts`, `export const value${at}: number = ${at};\n`);
  for (let at = 0; at < pages; at++) write(`public/p${at % 6}/page${at}.html`, page(at, 'main'));
  for (let at = 0; at < files - sources - pages; at++) write(vendorFile(at), vendorText(at, 0));
  symlinkSync('page0.html', join(folder, 'public/p0/index.html'));
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'main');
  writeFeatureBranch(folder);
}

const compilerOptions = {
  compilerOptions: {
    outDir: 'dist',
    rootDir: 'src',
    module: 'nodenext',
    target: 'es2022',
    types: [],
    skipLibCheck: true,
  },
  include: ['src'],
};

/** Other contents, a folder that is gone, one that is new. @param {string} folder */
function writeFeatureBranch(folder) {
  const write = writer(folder);
  git(folder, 'checkout', '-q', '-b', 'feature');
  for (let at = 0; at < pages; at += 2) write(`public/p${at % 6}/page${at}.html`, page(at, 'feature'));
  for (let at = 0; at < 10; at++) write(`public/new/page${at}.html`, page(at, 'new'));
  for (let at = 0; at < 30; at++) write(vendorFile(at), vendorText(at, 1));
  git(folder, 'rm', '-q', '-r', 'public/p1');
  write('src/m1.ts', 'export const value1: string = "feature";\n');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'feature');
  git(folder, 'checkout', '-q', 'main');
}

/** @param {string} folder @param {readonly string[]} args */
export function git(folder, ...args) {
  const identity = ['-c', 'user.name=campaign', '-c', 'user.email=campaign@example.com'];
  execFileSync('git', ['-C', folder, ...identity, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** @param {number} at */
export function vendorFile(at) {
  return `vendor/lib${Math.floor(at / 50)}/file${at % 50}.js`;
}

/** @param {number} at @param {number} version */
export function vendorText(at, version) {
  return `// ${at} ${version}\n${'x'.repeat(200 + ((at * 37) % 1500))}\n`;
}

/** @param {number} at @param {string} words */
function page(at, words) {
  return `<!doctype html><p>${at} ${words}</p>\n`;
}

/** @param {string} folder */
function writer(folder) {
  return (/** @type {string} */ name, /** @type {string} */ text) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
}
