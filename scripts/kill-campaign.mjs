/**
 * Kills builds with SIGKILL at random moments; after each, the next build on the same store must succeed, with the
 * digest of an undisturbed build, and the store must verify. Then starts eight builds at once on one empty store, which
 * must end with that one digest.
 *
 *     node scripts/kill-campaign.mjs [ROUNDS]      50 unless it is named
 *
 * Half of the rounds begin with an empty store; in the others the build runs every action again over a full one.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ending, output, startCommand } from './built-command.mjs';
import { buildDigest, buildOperands, writeProject } from './campaign-project.mjs';

const rounds = Number(process.argv[2] ?? 50);
const atOnce = 8;
const folder = await mkdtemp(join(tmpdir(), 'layerwright-kill-'));
const project = join(folder, 'project');
try {
  const layers = ['a', 'b', 'c', 'd', 'e', 'f'];
  await writeProject({ folder: project, layers, filesPerLayer: 12, fileSize: 64 * 1024 });
  const { digest, milliseconds } = await undisturbedBuild();
  process.stdout.write(`undisturbed: ${digest} in ${milliseconds} ms\n`);
  for (let round = 1; round <= rounds; round++) await killAndBuild({ round, digest, milliseconds });
  await buildAtOnce(digest);
  process.stdout.write(`${rounds} builds killed and ${atOnce} builds at once: one digest, ${digest}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function undisturbedBuild() {
  const store = join(folder, 'undisturbed');
  const start = performance.now();
  const digest = await buildDigest({ project, store, layout: join(folder, 'undisturbed-layout') });
  const milliseconds = Math.round(performance.now() - start);
  await rm(store, { recursive: true });
  return { digest, milliseconds };
}

/** @param {{ round: number, digest: string, milliseconds: number }} what */
async function killAndBuild({ round, digest, milliseconds }) {
  const store = join(folder, 'store');
  const layout = join(folder, 'layout');
  const fresh = round % 2 === 1;
  const moment = await killOne({ fresh, store, layout, milliseconds });
  const after = await buildDigest({ project, store, layout });
  if (after !== digest) throw new Error(`round ${round}, killed after ${moment} ms: ${after}, not ${digest}`);
  await output(['cache', 'verify', '-q'], { env: { LAYERWRIGHT_CACHE_DIR: store } });
  process.stdout.write(`round ${round}: killed after ${moment} ms, ${fresh ? 'empty' : 'full'} store\n`);
}

/**
 * Starts builds until one is killed before it ends by itself, and says after how many milliseconds that was.
 * @param {{ fresh: boolean, store: string, layout: string, milliseconds: number }} what
 * @returns {Promise<number>}
 */
async function killOne({ fresh, store, layout, milliseconds }) {
  for (;;) {
    if (fresh) await Promise.all([store, layout].map((each) => rm(each, { recursive: true, force: true })));
    const operands = buildOperands({ project, layout, options: fresh ? [] : ['--no-cache'] });
    const child = startCommand(operands, { env: { LAYERWRIGHT_CACHE_DIR: store } });
    const moment = Math.round(Math.random() * milliseconds);
    const timer = setTimeout(() => child.kill('SIGKILL'), moment);
    const { code, signal, stderr } = await ending(child);
    clearTimeout(timer);
    if (signal === 'SIGKILL') return moment;
    if (code !== 0) throw new Error(`a build that was not killed ended with ${code}:\n${stderr}`);
  }
}

/** @param {string} digest */
async function buildAtOnce(digest) {
  const store = join(folder, 'shared');
  const builds = Array.from({ length: atOnce }, (_, index) =>
    buildDigest({ project, store, layout: join(folder, `layout-${index}`) }),
  );
  for (const each of await Promise.all(builds))
    if (each !== digest) throw new Error(`of ${atOnce} builds at once one gave ${each}, not ${digest}`);
  await output(['cache', 'verify', '-q'], { env: { LAYERWRIGHT_CACHE_DIR: store } });
}
