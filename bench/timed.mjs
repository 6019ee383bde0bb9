/**
 * Runs a command as a whole process, or a pipeline of them, and says how long it took. The clock is bash's own `time`,
 * so that starting bash costs nobody anything, and CPU time is counted over all processes that the command waited for.
 *
 * What was written before is flushed first, so that no run pays for another's dirty pages; not on the small tree, whose
 * figures say nothing. A command that does not end with 0 is an error and gives no figure.
 */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/**
 * @typedef {object} Command
 * @property {string} script bash, with `set -euo pipefail`; its operands are "$1", "$2" and so on
 * @property {readonly string[]} [operands]
 * @property {Readonly<Record<string, string>>} [env] set over this process's own
 *
 * @typedef {object} Times
 * @property {number} wall seconds
 * @property {number} cpu seconds, user and system together
 * @property {string} stdout
 */

let flushes = true;

/** From now on nothing is flushed: whoever else writes on this machine, no run waits for it. */
export function stopFlushing() {
  flushes = false;
}

/**
 * @param {Command} command
 * @returns {Promise<Times>}
 */
export async function timed(command) {
  const { script, operands = [], env = {} } = command;
  const timesFile = join(tmpdir(), `layerwright-bench-${process.pid}.times`);
  if (flushes) execFileSync('sync');
  try {
    const stdout = await heardOut(['bash', '-c', clocked(script), 'bench', ...operands], {
      ...env,
      LAYERWRIGHT_BENCH_TIMES: timesFile,
    });
    const [wall, user, system] = readFileSync(timesFile, 'utf8').trim().split(' ').map(Number);
    if (wall === undefined || user === undefined || system === undefined)
      throw new Error(`bash gave no times of: ${script}`);
    return { wall, cpu: user + system, stdout };
  } finally {
    rmSync(timesFile, { force: true });
  }
}

/**
 * The same without a clock and without flushing: what prepares a run.
 * @param {Command} command
 * @returns {Promise<string>} what it wrote to stdout
 */
export function untimed({ script, operands = [], env = {} }) {
  return heardOut(['bash', '-c', `set -euo pipefail\n${script}`, 'bench', ...operands], env);
}

/** @param {string} script */
function clocked(script) {
  return `set -euo pipefail
TIMEFORMAT='%3R %3U %3S'
exec 3>&2
{ time { ${script}
} 2>&3; } 2>"$LAYERWRIGHT_BENCH_TIMES"`;
}

/**
 * @param {readonly string[]} words
 * @param {Readonly<Record<string, string>>} env
 */
async function heardOut(words, env) {
  const [program = '', ...operands] = words;
  const child = spawn(program, operands, {
    env: { ...process.env, LC_ALL: 'C', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => settle(code ?? signal));
  });
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (status !== 0)
    throw new Error(`${words.slice(4).join(' ')} ended with ${status}:\n${words[2]}\n${stderr}`);
  return stdout;
}
