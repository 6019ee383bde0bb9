/**
 * Pushes and pulls an image through a proxy that spoils one request in ten in thirteen ways, before a real
 * docker-registry that wants tokens: each must complete, with the right bytes. Then all of them, and each alone, spoil
 * every request that they can: each command must end as it should, in time, and say what it saw.
 *
 *     node scripts/fault-campaign.mjs [ROUNDS [alone|together [SEED]]]      200, alone and `layerwright` unless they are named
 *
 * With `together` no fault spoils every request alone.
 * Needs docker-registry and openssl.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ending, startCommand } from './built-command.mjs';
import { buildDigest, writeProject } from './campaign-project.mjs';
import { importSource } from './import-source.mjs';

const rounds = Number(process.argv[2] ?? 200);
const alone = process.argv[3] !== 'together';
const seed = process.argv[4] ?? 'layerwright';
const atOnce = 4;
/** Seconds that nothing may be silent for. */
const patience = 1;
/** Each of five attempts may take its patience twice, to the answer and in it; waits are 7.5 s, or 1.5 s each time that the registry says so. */
const longest = 30_000;
const alice = 'campaign-password';

const rigs = await importSource(`
  export { faultKinds, startFaultProxy } from './test/rigs/fault-proxy.ts';
  export { startDockerRegistry } from './test/rigs/docker-registry.ts';
  export { startTokenServer } from './test/rigs/token-server.ts';
  export { makeCertificate } from './test/rigs/certificate.ts';
`);

const folder = await mkdtemp(join(tmpdir(), 'layerwright-faults-'));
/** @type {(() => Promise<unknown>)[]} */
const stops = [() => rm(folder, { recursive: true, force: true })];
try {
  const layout = join(folder, 'layout');
  const project = join(folder, 'project');
  await writeProject({ folder: project, layers: ['a', 'b'], filesPerLayer: 4, fileSize: 20_000 });
  const digest = await buildDigest({ project, store: join(folder, 'store'), layout });
  const blobs = (await readdir(join(layout, 'blobs/sha256'))).length;
  await spoilSome({ layout, digest, blobs });
  await spoilAll({ layout });
} finally {
  for (const stop of stops.reverse()) await stop();
}

/**
 * A registry that wants tokens, behind a proxy that plays faults once `spoilt.rate` is above 0; so is the token server.
 * @param {readonly string[]} [kinds]
 */
async function startScene(kinds = rigs.faultKinds) {
  const spoilt = { rate: 0 };
  const upstreams = { tokens: '', registry: '' };
  const upstream = (/** @type {string} */ path) =>
    path.startsWith('/token') ? upstreams.tokens : upstreams.registry;
  const proxy = await rigs.startFaultProxy({ rate: () => spoilt.rate, seed, kinds, upstream });
  const signer = await rigs.makeCertificate();
  const names = { signer, service: 'campaign', issuer: 'campaign' };
  const tokens = await rigs.startTokenServer({ ...names, accounts: { alice } });
  const realm = `http://${proxy.host}/token`;
  const registry = await rigs.startDockerRegistry({ tokens: { ...names, realm } });
  Object.assign(upstreams, { tokens: tokens.host, registry: registry.host });
  const stop = () => Promise.all([proxy.stop(), tokens.stop(), registry.stop(), signer.remove()]);
  return { proxy, spoilt, stop };
}

/**
 * One call of the command, with a store of its own that is gone afterwards.
 * @param {string} host the registry's
 * @param {readonly string[]} operands
 */
async function call(host, operands) {
  const store = await mkdtemp(join(folder, 'store-'));
  const auths = { [host]: { auth: Buffer.from(`alice:${alice}`).toString('base64') } };
  const env = { LAYERWRIGHT_CACHE_DIR: store, DOCKER_AUTH_CONFIG: JSON.stringify({ auths }) };
  const start = performance.now();
  const ended = await ending(startCommand([...operands, '--timeout', String(patience)], { env }));
  await rm(store, { recursive: true, force: true });
  return { ...ended, milliseconds: Math.round(performance.now() - start) };
}

/** @param {{ layout: string, digest: string, blobs: number }} image */
async function spoilSome({ layout, digest, blobs }) {
  const scene = await startScene();
  stops.push(scene.stop);
  scene.spoilt.rate = 0.1;
  const { host } = scene.proxy;
  const repository = (/** @type {number} */ round) => `${host}/campaign/r${round}:1`;
  const all = Array.from({ length: rounds }, (_, index) => index + 1);
  await severalAtOnce(all, async (round) => {
    await complete(host, ['push', `oci:${layout}:latest`, repository(round)], digest);
  });
  process.stdout.write(`${rounds} pushes complete\n`);
  await severalAtOnce(all, async (round) => {
    const pulled = join(folder, `pulled-${round}`);
    await complete(host, ['copy', repository(round), `oci:${pulled}`], digest);
    const right = await countRight(pulled);
    if (right !== blobs) throw new Error(`pull ${round}: ${right} of ${blobs} blobs are right`);
    await rm(pulled, { recursive: true });
  });
  const played = /** @type {[string, number][]} */ (Object.entries(scene.proxy.played));
  const shares = played.map((each) => each.join(' ')).join(', ');
  const spoilt = played.reduce((sum, [, count]) => sum + count, 0);
  process.stdout.write(
    `${rounds} pushes and ${rounds} pulls through ${scene.proxy.requests()} requests, ${spoilt} of them spoilt (${shares}): all complete with the right bytes, ${digest}\n`,
  );
}

/**
 * @param {string} host
 * @param {readonly string[]} operands
 * @param {string} digest
 */
async function complete(host, operands, digest) {
  const { code, stdout, stderr } = await call(host, operands);
  if (code !== 0 || !stdout.trim().endsWith(`@${digest}`))
    throw new Error(`${operands.join(' ')} ended with ${code} and printed ${stdout}:\n${stderr}`);
}

/**
 * How many blobs of a layout are what their names say.
 * @param {string} layout
 */
async function countRight(layout) {
  const blobs = join(layout, 'blobs/sha256');
  const names = await readdir(blobs);
  const digests = await Promise.all(
    names.map(async (name) =>
      createHash('sha256')
        .update(await readFile(join(blobs, name)))
        .digest('hex'),
    ),
  );
  return names.filter((name, at) => name === digests[at]).length;
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<void>} work
 */
async function severalAtOnce(items, work) {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
}

/**
 * Every request is spoilt that can be. What cannot be fetched right ends with 4, the rest with 5. (An expired token
 * costs a fresh one; that alone spoils nothing.)
 * @param {{ layout: string }} image
 */
async function spoilAll({ layout }) {
  /** @type {readonly (readonly [kinds: readonly string[], verb: 'push' | 'copy', code: number, words: RegExp])[]} */
  const cases = [
    [rigs.faultKinds, 'push', 5, /tried 5 times/],
    [rigs.faultKinds, 'copy', 5, /tried 5 times/],
    [['reset'], 'push', 5, /reset|closed/],
    [['stall'], 'push', 5, /no answer within the time limit/],
    [['busy-says-when'], 'push', 5, /answered 429 .*tried 5 times/],
    [['busy'], 'copy', 5, /answered 429/],
    [['server-error'], 'copy', 5, /answered 50\d/],
    [['truncated'], 'copy', 5, /ended after|closed the connection|tried 5 times/],
    [['wrong-length'], 'copy', 4, /registry has|ended after/],
    [['wrong-bytes'], 'copy', 4, /registry has sha256/],
    [['slow-loris'], 'copy', 5, /fewer than 1000 bytes a second for 1 s/],
    [['lost-upload'], 'push', 5, /answered 404 \(BLOB_UPLOAD_UNKNOWN.*tried 5 times/],
    [['closed-after-body'], 'push', 5, /closed the connection|reset/],
  ];
  await severalAtOnce(alone ? cases : cases.slice(0, 2), (each) => spoilEvery(layout, each));
}

/**
 * @param {string} layout
 * @param {readonly [kinds: readonly string[], verb: 'push' | 'copy', code: number, words: RegExp]} expected
 */
async function spoilEvery(layout, [kinds, verb, code, words]) {
  const scene = await startScene(kinds);
  try {
    const { host } = scene.proxy;
    const reference = `${host}/campaign/all:1`;
    const push = ['push', `oci:${layout}:latest`, reference];
    if (verb === 'copy') await call(host, push);
    scene.spoilt.rate = 1;
    const ended = await call(
      host,
      verb === 'push' ? push : ['copy', reference, `oci:${join(folder, kinds.join('-'))}`],
    );
    const name = kinds.length === 1 ? kinds[0] : 'all kinds';
    if (ended.code !== code || !words.test(ended.stderr) || ended.milliseconds > longest)
      throw new Error(
        `${name}: ${verb} ended with ${ended.code} after ${ended.milliseconds} ms:\n${ended.stderr}`,
      );
    process.stdout.write(
      `every request ${name}: ${verb} ended with ${code} after ${ended.milliseconds} ms\n`,
    );
  } finally {
    await scene.stop();
  }
}
