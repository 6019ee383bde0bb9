/**
 * Ends builds with SIGINT at random moments while threads compress, and looks at what each leaves: no process, no
 * temporary file, a store that verifies and from which the next build makes the digest of an undisturbed one.
 *
 *     node scripts/abort-campaign.mjs [ROUNDS]      100 unless it is named
 *
 * Half of the rounds begin with an empty store; in the others the build runs every action again over a full one.
 */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ending, output, startCommand } from './built-command.mjs';
import { buildDigest, buildOperands, writeProject } from './campaign-project.mjs';

const rounds = Number(process.argv[2] ?? 100);
const interrupted = 130;
const folder = await mkdtemp(join(tmpdir(), 'layerwright-abort-'));
const project = join(folder, 'project');
const store = join(folder, 'store');
const layout = join(folder, 'layout');
const temporary = join(folder, 'tmp');
const env = { LAYERWRIGHT_CACHE_DIR: store, TMPDIR: temporary };
let slowest = 0;
try {
  // Each layer is large enough for threads to be started.
  await writeProject({ folder: project, layers: ['a', 'b', 'c'], filesPerLayer: 6, fileSize: 1024 * 1024 });
  await mkdir(temporary);
  const start = performance.now();
  const digest = await buildDigest({ project, store, layout });
  const milliseconds = Math.round(performance.now() - start);
  process.stdout.write(`undisturbed: ${digest} in ${milliseconds} ms\n`);
  for (let round = 1; round <= rounds; round++) await abortAndLook({ round, digest, milliseconds });
  process.stdout.write(
    `${rounds} builds aborted, the slowest to end took ${slowest} ms: nothing left behind, one digest, ${digest}\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** @param {{ round: number, digest: string, milliseconds: number }} what */
async function abortAndLook({ round, digest, milliseconds }) {
  const fresh = round % 2 === 1;
  const moment = await abortOne({ fresh, milliseconds });
  await expectNothingLeft(`round ${round}, aborted after ${moment} ms`);
  await output(['cache', 'verify', '-q'], { env });
  const after = await buildDigest({ project, store, layout });
  if (after !== digest)
    throw new Error(`round ${round}, aborted after ${moment} ms: ${after}, not ${digest}`);
  process.stdout.write(`round ${round}: aborted after ${moment} ms, ${fresh ? 'empty' : 'full'} store\n`);
}

/**
 * Starts builds until one is interrupted before it ends by itself, and says after how many milliseconds that was.
 * @param {{ fresh: boolean, milliseconds: number }} what
 * @returns {Promise<number>}
 */
async function abortOne({ fresh, milliseconds }) {
  for (;;) {
    if (fresh) await Promise.all([store, layout].map((each) => rm(each, { recursive: true, force: true })));
    const child = startCommand(buildOperands({ project, layout, options: fresh ? [] : ['--no-cache'] }), {
      env,
    });
    const moment = Math.round(Math.random() * milliseconds);
    let signalled = 0;
    const timer = setTimeout(() => {
      signalled = performance.now();
      child.kill('SIGINT');
    }, moment);
    const { code, signal, stderr } = await ending(child);
    clearTimeout(timer);
    // Before it listens, and after its last act, Node ends by the signal itself.
    if (code === interrupted || signal === 'SIGINT') {
      slowest = Math.max(slowest, Math.round(performance.now() - signalled));
      return moment;
    }
    if (code !== 0) throw new Error(`an interrupted build ended with ${code}:\n${stderr}`);
  }
}

/** Where a store keeps what is not finished: nothing may stand there, nor in the folder for temporary files.
 * @param {string} when
 */
async function expectNothingLeft(when) {
  const left = (await readdir(temporary)).map((name) => join(temporary, name));
  for (const each of await readdir(store, { recursive: true }).catch(() => []))
    if (/(^|\/)(tmp|leases?)\/.|\.tmp$/.test(each)) left.push(join(store, each));
  if (left.length > 0) throw new Error(`${when}: left behind ${left.join(', ')}`);
}
