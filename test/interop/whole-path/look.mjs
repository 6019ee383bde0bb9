/**
 * What a process sees in its container, as text that is the same under every engine; ends with 7. `files` looks at what
 * an ordinary user's container keeps (names, types, modes, contents, links), `tree` at owners, times and devices too.
 */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

// Engines mount, or write, these themselves.
const theirs = new Set([
  ...['/proc', '/sys', '/dev', '/run', '/.dockerenv'],
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
  lines.push([name, ...kept(file, stats), ...(what === 'tree' ? whole(stats) : [])].join(' '));
  if (!stats.isDirectory()) return;
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
  return stats.isFile() ? [mode, contentOf(file)] : [mode];
}

/** @param {Buffer} file */
function contentOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);
}

/**
 * Folders have the time of whoever put the last node into them.
 * @param {import('node:fs').BigIntStats} stats
 */
function whole(stats) {
  const owner = `${stats.uid}:${stats.gid}`;
  return stats.isDirectory() ? [owner] : [owner, stats.nlink, stats.rdev, stats.mtimeNs];
}
