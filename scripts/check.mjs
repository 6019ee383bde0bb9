/**
 * `npm run check`: every check, two at a time, those that take longest first. Each prints its output whole when it has
 * ended, and how many seconds it took. All run, whatever fails; the command then ends with 1 and names what failed.
 *
 * The code that the build generates is made first, since most checks read it.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import './build-encoder.mjs';
import './build-report.mjs';

const root = resolve(import.meta.dirname, '..');
const checks = ['lint', 'format', 'types', 'package', 'generated', 'unused', 'walls'];
const waiting = [...checks];
/** @type {string[]} */
const failed = [];

await Promise.all([runNext(), runNext()]);
if (failed.length > 0) {
  process.stderr.write(`failed: ${failed.map((name) => `check:${name}`).join(', ')}\n`);
  process.exitCode = 1;
}

/** @returns {Promise<void>} when none is waiting any more */
async function runNext() {
  const name = waiting.shift();
  if (name === undefined) return;
  const start = performance.now();
  const { isGood, output } = await run(`check:${name}`);
  if (!isGood) failed.push(name);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  process.stdout.write(`\n== check:${name}: ${isGood ? 'good' : 'FAILED'} (${seconds} s)\n${output}`);
  return runNext();
}

/**
 * A script of package.json; its output is stdout's, then stderr's.
 * @param {string} script
 * @returns {Promise<{ isGood: boolean, output: string }>}
 */
async function run(script) {
  const child = spawn('npm', ['run', '--silent', script], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const status = new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', settle);
  });
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), status]);
  return { isGood: code === 0, output: `${out}${err}` };
}
