/**
 * Packs the package as npm would and asks publint and attw (are the types wrong?) about the tarball. ESM only: what
 * they say of `require` is left aside, Node ≥ 20.19 can require ESM.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = resolve(import.meta.dirname, '..');
const folder = await mkdtemp(join(tmpdir(), 'layerwright-pack-'));
try {
  const tarball = join(folder, pack());
  const problems = await askPublint(tarball);
  process.stdout.write(problems === 0 ? 'publint: no problems\n' : '');
  process.exitCode = problems > 0 ? 1 : askAttw(tarball);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** @returns {string} the tarball's name in `folder` */
function pack() {
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  return JSON.parse(stdout)[0].filename;
}

/** @param {string} tarball */
async function askPublint(tarball) {
  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer }, strict: true });
  for (const message of messages)
    process.stderr.write(`publint: ${formatMessage(message, pkg) ?? message.code}\n`);
  return messages.length;
}

/** @param {string} tarball */
function askAttw(tarball) {
  const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  const options = ['--profile', 'esm-only', '--no-definitely-typed', '--exclude-entrypoints', './schema/*'];
  return (
    spawnSync(process.execPath, [attw, tarball, ...options], { cwd: root, stdio: 'inherit' }).status ?? 1
  );
}
