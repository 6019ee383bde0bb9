/**
 * What a process sees in its container, as text that is the same under every engine; ends with 7. `files` looks at what
 * an ordinary user's container keeps (names, types, modes, contents, links), `tree` at owners, times and devices too.
 */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

// Engines mount, or write, these themselves, and each gives `/` an owner and a mode of its own.
const theirs = new Set([
  ...['/', '/proc', '/sys', '/dev', '/run', '/.dockerenv'],
  ...['/etc/hosts', '/etc/hostname', '/etc/resolv.conf', '/etc/mtab'],
]);

const [what, ...words] = process.argv.slice(2);
/** @type {string[]} */
const lines = [];
visit('/');
const { version, platform, arch, env } = process;
console.log(`node ${version} ${platform} ${arch}`);
console.log(`user ${process.getuid?.()}:${process.getgid?.()} in ${process.cwd()}`);
console.log(`words ${JSON.stringify(words)} greeting ${JSON.stringify(env['GREETING'])}`);
console.log(`path ${env['PATH']}`);
console.log(`${lines.length} nodes ${createHash('sha256').update(lines.join('\n')).digest('hex')}`);
if (what === 'tree') console.log(lines.filter((line) => line.startsWith('/odd')).join('\n'));
await askService();
process.exitCode = 7;

async function askService() {
  const place = './src/service.js'; // Beside this file in the image.
  const { service } = await import(place);
  const server = service.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/days?from=2024-02-28&to=2024-03-01`);
  console.log(`service ${answer.status} ${await answer.text()}`);
  server.close();
  server.closeAllConnections();
}

/**
 * Adds a line for the node and for each below it.
 * @param {string} path as latin1 text, so that names of any bytes stay what they are
 */
function visit(path) {
  const file = Buffer.from(path, 'latin1');
  const stats = lstatSync(file, { bigint: true });
  const name = JSON.stringify(path).slice(1, -1);
  if (!theirs.has(path)) lines.push([name, ...kept(file, stats), ...whole(stats)].join(' '));
  if (!stats.isDirectory() || !isOpen(stats)) return;
  for (const child of readdirSync(file, { encoding: 'latin1' }).sort()) {
    const below = path === '/' ? `/${child}` : `${path}/${child}`;
    if (!theirs.has(below)) visit(below);
  }
}

/**
 * @param {Buffer} file
 * @param {import('node:fs').BigIntStats} stats
 */
function kept(file, stats) {
  const mode = stats.mode.toString(8);
  if (stats.isSymbolicLink()) return [mode, readlinkSync(file, { encoding: 'latin1' })];
  if (!stats.isFile()) return [mode];
  return [mode, isOpen(stats) ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'closed'];
}

/**
 * `files` looks at what every user may read, since runc leaves a rootless container the groups of its caller.
 * @param {import('node:fs').BigIntStats} stats
 */
function isOpen({ mode }) {
  return what === 'tree' || (mode & 4n) === 4n;
}

/**
 * Folders have the time of whoever put the last node into them, and docker knows no time before 1970.
 * @param {import('node:fs').BigIntStats} stats
 */
function whole(stats) {
  if (what !== 'tree') return [];
  const owner = `${stats.uid}:${stats.gid}`;
  const time = stats.mtimeNs < 0n ? 0n : stats.mtimeNs;
  return stats.isDirectory() ? [owner] : [owner, stats.nlink, stats.rdev, time];
}
