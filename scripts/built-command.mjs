/** Starts the built command (dist/cli.js) and hears it out. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/**
 * @typedef {object} Circumstances
 * @property {Record<string, string>} [env] set over this process's own
 * @property {string} [node] the Node to run under; this one unless it is named
 * @property {string} [program] the bundled command; dist/cli.js unless it is named
 * @property {readonly string[]} [prefix] a command that starts the rest of its arguments, such as setpriv
 *
 * @typedef {object} Ending
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 * @property {string} stdout
 * @property {string} stderr
 */

export const root = resolve(import.meta.dirname, '..');

/**
 * @param {readonly string[]} operands
 * @param {Circumstances} [circumstances]
 */
export function startCommand(operands, circumstances = {}) {
  const {
    env = {},
    node = process.execPath,
    program = resolve(root, 'dist/cli.js'),
    prefix = [],
  } = circumstances;
  const words = [...prefix, node, program, ...operands];
  return spawn(words[0] ?? node, words.slice(1), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/**
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child
 * @returns {Promise<Ending>}
 */
export function ending(child) {
  return new Promise((settle, fail) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (stderr += text));
    child.once('error', fail);
    child.once('close', (code, signal) => settle({ code, signal, stdout, stderr }));
  });
}

/**
 * What the command printed; throws, with what it said, unless it ended with 0.
 * @param {readonly string[]} operands
 * @param {Circumstances} [circumstances]
 */
export async function output(operands, circumstances) {
  const { code, signal, stdout, stderr } = await ending(startCommand(operands, circumstances));
  if (code !== 0)
    throw new Error(`layerwright ${operands.join(' ')} ended with ${code ?? signal}:\n${stderr}`);
  return stdout.trim();
}
