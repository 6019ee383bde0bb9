/** Where a bench ran: without it, figures mean nothing. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

export function machine() {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()} ${arch()}`,
  };
}

/** Our own version, and the commit it was built from where this is a clone. */
export function ourVersion() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const commit = git('rev-parse', '--short', 'HEAD');
  if (commit === undefined) return `${version}`;
  return `${version} at ${commit}${git('status', '--porcelain', '--', 'src') === '' ? '' : ', src changed'}`;
}

/** @param {readonly string[]} operands */
function git(...operands) {
  try {
    return execFileSync('git', operands, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined; // a packed package, or no git here
  }
}
