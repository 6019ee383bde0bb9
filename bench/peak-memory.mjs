/**
 * The most memory that one process held: `VmHWM` of its /proc/PID/status, which is a high-water mark of all its threads
 * and of shared memory, read every few milliseconds until it is gone. Linux only.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const milliseconds = 10;

/** Why memory cannot be measured here, or undefined. */
export function whyNoMemory() {
  return existsSync('/proc/self/status') ? undefined : 'memory is read from /proc, which this system has not';
}

/**
 * @param {readonly [string, ...string[]]} words a program and its operands; not a pipeline
 * @param {Readonly<Record<string, string>>} env set over this process's own
 * @returns {Promise<number>} bytes
 */
export async function peakMemory(words, env) {
  const [program, ...operands] = words;
  const child = spawn(program, operands, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, highWater(child.pid))), milliseconds);
  const ended = new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => settle(code ?? signal));
  });
  const [stderr, status] = await Promise.all([text(child.stderr), ended]).finally(() => clearInterval(timer));
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}:\n${stderr}`);
  if (peak === 0) throw new Error(`${words.join(' ')} ended before its memory was read`);
  return peak;
}

/** @param {number | undefined} pid */
function highWater(pid) {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(statusOf(pid))?.[1];
  return kibibytes === undefined ? 0 : Number(kibibytes) * 1024;
}

/** @param {number | undefined} pid */
function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}
