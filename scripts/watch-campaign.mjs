/**
 * `watch` in a project under git, with tsc writing `dist`: edits of many kinds, after each of which the watch has to
 * come to the image that a build of its own process makes of the files as they are; then how long a small save takes to
 * be an image, and what the process holds after a hundred rebuilds and after the last.
 *
 *     node scripts/watch-campaign.mjs [EDITS] [FILES] [REBUILDS]      200, 10,000 and 1,000 unless they are named
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { output, root } from './built-command.mjs';
import { editOf } from './watch-edits.mjs';
import { writeWatchProject } from './watch-project.mjs';
import { Watched } from './watched.mjs';

const [edits = 200, files = 10_000, rebuilds = 1000] = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), 'layerwright-watch-'));
const project = join(folder, 'project');
/** A change that is not an image after so many milliseconds is lost. */
const patience = 60_000;

writeWatchProject(project, files);
const compiler = startCompiler();
const watched = await startWatched();
try {
  await edit();
  await compareWithClean();
  if (rebuilds > 0) await measure();
} finally {
  await watched.stop();
  await compiler.stop();
  await rm(folder, { recursive: true, force: true });
}

async function startWatched() {
  await compiler.compiled();
  const started = new Watched(project, join(folder, 'cache'));
  if (!(await started.until(() => started.digest !== '', patience)))
    throw new Error(started.problems.join('\n'));
  say(`watching ${files} files`);
  return started;
}

async function edit() {
  let lost = 0;
  for (let turn = 0; turn < edits; turn++) {
    const { name, make, compiles = false } = editOf(turn, edits);
    const compiled = compiles ? compiler.compiled() : undefined;
    make(project, turn, files);
    if (turn % 18 === 14) await interrupt(turn);
    await compiled;
    const missed = await missedDigest();
    if (missed === undefined) continue;
    lost += 1;
    say(
      `edit ${turn}, ${name}: ${watched.digest} in place of ${missed}\n${watched.problems.slice(-3).join('\n')}`,
    );
  }
  const { builds, outdated, mostAtOnce } = watched;
  say(`${edits} edits: ${lost} lost; ${builds} builds, ${outdated} of them given up, ${mostAtOnce} at once`);
  if (lost > 0 || mostAtOnce !== 1) process.exitCode = 1;
}

/**
 * The image of the files as they are, if the watch does not come to it. The files are read anew as long as the watch
 * shows another image: after a change of many sources tsc says that it has compiled, and then compiles once more.
 */
async function missedDigest() {
  const deadline = performance.now() + patience;
  for (;;) {
    const wanted = await referenceDigest();
    if (await watched.until(() => watched.digest === wanted, 5000)) return undefined;
    if (performance.now() > deadline) return wanted;
  }
}

/** A second change as soon as a build has begun for the first. @param {number} turn */
async function interrupt(turn) {
  const { builds } = watched;
  await watched.until(() => watched.builds > builds, 5000);
  await writeFile(join(project, 'public/p0/page6.html'), `interrupted ${turn}`);
}

/** What another process, with a store and a stat index of its own, makes of the files as they are. */
async function referenceDigest() {
  for (;;) {
    try {
      return await digestBy(join(folder, 'reference'));
    } catch (error) {
      // On a machine with much to do, tsc may still be writing.
      if (!String(error).includes('changed after it was read')) throw error;
    }
  }
}

/** @param {string} cache */
async function digestBy(cache) {
  const printed = await output(['build', '-C', project, '-q'], { env: { LAYERWRIGHT_CACHE_DIR: cache } });
  return printed.slice(printed.indexOf('@') + 1);
}

async function compareWithClean() {
  const clean = await digestBy(join(folder, 'clean'));
  say(`${watched.digest} by the watch, ${clean} by a clean build`);
  if (watched.digest !== clean) process.exitCode = 1;
}

async function measure() {
  const times = [];
  let early = 0;
  for (let turn = 1; turn <= rebuilds; turn++) {
    times.push(await saveOne(turn));
    if (turn === 100) early = watched.memory;
  }
  const sorted = times.sort((a, b) => a - b);
  const part = (/** @type {number} */ share) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
  say(`save to image: median ${part(0.5)} ms, p95 ${part(0.95)} ms, of ${sorted.length}`);
  const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
  const late = watched.memory;
  // Fewer rebuilds say nothing of growth.
  if (rebuilds <= 100) return;
  say(
    `memory: ${megabytes(early)} MB after 100 rebuilds, ${megabytes(late)} MB after ${rebuilds}: ${(late / early).toFixed(3)}`,
  );
}

/** Milliseconds from the save of a small file to its image. @param {number} turn */
async function saveOne(turn) {
  const before = watched.digest;
  const start = performance.now();
  await writeFile(join(project, 'public/p0/page0.html'), `<p>measured ${turn}</p>\n`);
  if (!(await watched.until(() => watched.digest !== before, patience)))
    throw new Error(`save ${turn} was lost`);
  return performance.now() - start;
}

function startCompiler() {
  const tsc = resolve(root, 'node_modules/typescript/bin/tsc');
  const child = spawn(process.execPath, [tsc, '-p', project, '--watch', '--preserveWatchOutput'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let wake = () => undefined;
  createInterface(child.stdout).on('line', (line) => {
    if (/Watching for file changes/.test(line)) wake();
  });
  return {
    /** Resolves when tsc has compiled once more. */
    compiled: () =>
      new Promise((settle) => {
        const timer = setTimeout(settle, 10_000);
        wake = () => {
          clearTimeout(timer);
          settle(undefined);
          return undefined;
        };
      }),
    stop: () => {
      const ended = new Promise((settle) => child.once('close', settle));
      child.kill();
      return ended;
    },
  };
}

/** @param {string} text */
function say(text) {
  process.stdout.write(`${text}\n`);
}
