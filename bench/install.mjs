/**
 * Installs what a package.json and its lock of bench/npm/ name, into a folder of the bench, and keeps it: while the lock
 * is the same, it is not done again. No install script runs, and the tree is that of one platform, so that it is the
 * same everywhere. npm asks the registry that this machine is set up for.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const platform = ['--os=linux', '--cpu=x64', '--libc=glibc'];

/**
 * The folder that holds node_modules. Throws where npm fails.
 * @param {string} name a folder of bench/npm
 * @param {string} folder of the bench
 */
export function install(name, folder) {
  const source = resolve(import.meta.dirname, 'npm', name);
  const target = join(folder, name);
  if (isInstalled(source, target)) return target;
  const partial = `${target}.partial`;
  for (const old of [partial, target]) rmSync(old, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(join(source, file), join(partial, file));
  const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...platform];
  const { status } = spawnSync('npm', options, { cwd: partial, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`npm could not install bench/npm/${name}`);
  renameSync(partial, target);
  return target;
}

/**
 * @param {string} source
 * @param {string} target
 */
function isInstalled(source, target) {
  const [wanted, found] = [source, target].map((each) => join(each, 'package-lock.json'));
  if (wanted === undefined || found === undefined || !existsSync(found)) return false;
  return readFileSync(wanted).equals(readFileSync(found)) && existsSync(join(target, 'node_modules'));
}
