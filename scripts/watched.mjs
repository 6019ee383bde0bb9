/** `layerwright watch --progress json` as a campaign sees it: its builds, its images, what it said. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { root } from './built-command.mjs';

export class Watched {
  /** Of the last good image; '' before there is one. */
  digest = '';
  /** The most builds that were under way at once. */
  mostAtOnce = 0;
  builds = 0;
  outdated = 0;
  /** @type {string[]} */
  problems = [];
  #building = 0;
  #wake = () => undefined;
  #ended;
  #child;

  /** @param {string} folder @param {string} cache @param {readonly string[]} [more] */
  constructor(folder, cache, more = []) {
    const words = [resolve(root, 'dist/cli.js'), 'watch', '-C', folder, '--progress', 'json', ...more];
    this.#child = spawn(process.execPath, words, {
      env: { ...process.env, LAYERWRIGHT_CACHE_DIR: cache },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#ended = new Promise((settle) => this.#child.once('close', settle));
    createInterface(this.#child.stderr).on('line', (line) => this.#hear(line));
    createInterface(this.#child.stdout).on('line', (line) => {
      this.digest = line.slice(line.indexOf('@') + 1);
      this.#wake();
    });
  }

  /** @param {string} line */
  #hear(line) {
    const event = line.startsWith('{') ? JSON.parse(line) : { type: 'text', line };
    if (event.type === 'build-began') {
      this.builds += 1;
      this.#building += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#building);
    }
    if (event.type === 'build-ended') {
      this.#building -= 1;
      if (event.outdated) this.outdated += 1;
    }
    if (event.type === 'diagnostic') this.problems.push(JSON.stringify(event.diagnostic));
    if (event.type === 'text') this.problems.push(line);
    this.#wake();
  }

  /**
   * Resolves with whether it became true in time.
   * @param {() => boolean} isTrue @param {number} milliseconds
   */
  async until(isTrue, milliseconds) {
    const deadline = performance.now() + milliseconds;
    while (!isTrue()) {
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await new Promise((settle) => {
        const timer = setTimeout(settle, left);
        this.#wake = () => {
          clearTimeout(timer);
          settle(undefined);
          return undefined;
        };
      });
    }
    return true;
  }

  /** Bytes that the process holds now. */
  get memory() {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  }

  /** The exit code. */
  async stop() {
    this.#child.kill('SIGINT');
    return this.#ended;
  }
}
