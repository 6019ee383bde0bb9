/**
 * `npm run demo`: builds the project, then examples/hello for two platforms; prints the digests, where layout and
 * bundle stand, and, where runc or crun is installed, the program's own greeting. All it writes is dist/ and out/hello/.
 */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ending, output, root, startCommand } from './built-command.mjs';

const out = join(root, 'out/hello');
const layout = join(out, 'layout');
const bundle = join(out, 'bundle');
const platform = `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`;
// An ordinary user's container needs a user namespace.
const rights = process.getuid?.() === 0 ? [] : ['--rootless'];
const circumstances = { env: { LAYERWRIGHT_CACHE_DIR: join(out, 'store') } };

say('building', 'layerwright itself');
const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(1);

say('building', 'examples/hello');
await output(
  ['build', '-C', join(root, 'examples/hello'), '-o', `oci:${layout}:latest`, '-q'],
  circumstances,
);
await output(
  ['bundle', `oci:${layout}:latest`, bundle, '--platform', platform, ...rights, '-q'],
  circumstances,
);

for (const [name, digest] of await digests()) say(name, digest);
say('layout', layout);
say('bundle', bundle);
await greet();

/** The index's digest and each platform's, as they stand in the layout. */
async function digests() {
  const top = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8'));
  const [{ digest }] = top.manifests;
  const index = JSON.parse(await readFile(join(layout, 'blobs', digest.replace(':', '/')), 'utf8'));
  return [
    ['index', digest],
    ...index.manifests.map(
      (/** @type {{ platform: { os: string, architecture: string }, digest: string }} */ one) => [
        `${one.platform.os}/${one.platform.architecture}`,
        one.digest,
      ],
    ),
  ];
}

/** The image runs in runc, else in crun; a machine without either, or where neither may start one, gets a note. */
async function greet() {
  const installed = ['runc', 'crun'].filter((name) => spawnSync(name, ['--version']).status === 0);
  if (installed.length === 0) {
    say('not run', 'neither runc nor crun is installed here');
    return;
  }
  for (const runtime of installed) {
    const running = startCommand(['run', `bundle:${bundle}`, '--runtime', runtime, '-q'], circumstances);
    const { code, stdout, stderr } = await ending(running);
    say(runtime, code === 0 ? stdout.trim() : `could not run it here: ${stderr.trim().split('\n')[0] ?? ''}`);
    if (code === 0) return;
  }
  say('not run', 'a runtime needs rights that this user or machine does not have');
}

/**
 * @param {string} name
 * @param {string} text
 */
function say(name, text) {
  process.stdout.write(`${name.padEnd(12)} ${text}\n`);
}
