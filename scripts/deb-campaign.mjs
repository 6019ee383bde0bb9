/**
 * Debian packages by the dozen: for each set of names and each of two processors the lock holds what apt resolves in an
 * empty root, and for the large sets the image holds what mmdebstrap extracts, file by file.
 *
 *     node scripts/deb-campaign.mjs [PATTERN]      only sets whose names this regular expression finds
 *
 * Needs root, apt with sources of Debian, and mmdebstrap.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { output } from './built-command.mjs';
import { startDebianMirror } from './debian-mirror.mjs';
import { importSource } from './import-source.mjs';

const pattern = new RegExp(process.argv[2] ?? '');
const architectures = /** @type {const} */ (['amd64', 'arm64']);

/** What people put into images, and what has hard relations: alternatives, virtual packages, versions. */
const closures = `
  bash; busybox; coreutils; ca-certificates; curl; wget; git; openssh-client; rsync; tini; dumb-init; gosu; tzdata; locales
  nodejs; npm; python3; python3-minimal python3-pip; python3-venv; perl; ruby; php-cli; php-fpm; lua5.4; openjdk-17-jre-headless
  nginx; nginx-light; apache2; lighttpd; haproxy; redis-server; postgresql-client; postgresql; mariadb-client; sqlite3; memcached
  build-essential; gcc; g++ make; cmake; default-jre-headless; ffmpeg; imagemagick; ghostscript; poppler-utils; graphviz
  exim4; postfix; default-mta; mailutils; systemd; dbus; cron; logrotate; sudo; adduser; passwd; procps; iproute2; iputils-ping
  vim-tiny; nano; less; jq; zstd xz-utils bzip2; libssl3 libstdc++6 libgcc-s1; libpq5 libvips42; chromium; fonts-dejavu-core
  wordpress texlive-latex-base openjdk-17-jre-headless build-essential git npm; xfce4; default-mysql-server nginx postgresql
`
  .split(/[;\n]/)
  .map((line) => line.trim().split(' '))
  .filter(([first]) => first !== '');

const contents = [
  ['nginx', 'curl', 'ca-certificates'],
  ['python3', 'git', 'openssh-client'],
  ['postgresql-client', 'perl', 'busybox'],
];

/** @type {typeof import('../test/rigs/apt.ts') & typeof import('../test/rigs/built-root.ts') & typeof import('../test/rigs/debian-differences.ts') & typeof import('../test/rigs/debian-project.ts') & typeof import('../test/rigs/debian-trees.ts') & typeof import('../test/rigs/tree-listing.ts')} */
const rigs = await importSource(`
  export { aptIn } from './test/rigs/apt.ts';
  export { unpackLayout } from './test/rigs/built-root.ts';
  export { differences, isAdded } from './test/rigs/debian-differences.ts';
  export { lockedClosure, mirrorValue } from './test/rigs/debian-project.ts';
  export { unpackByMmdebstrap } from './test/rigs/debian-trees.ts';
  export { listTree } from './test/rigs/tree-listing.ts';
`);

const folder = mkdtempSync(join(tmpdir(), 'layerwright-debs-'));
const mirror = await startDebianMirror();
let failures = 0;
let count = 0;
try {
  const apts = await startApts();
  for (const names of chosen(closures)) await compareClosures(names, apts);
  for (const names of chosen(contents)) await compareContents(names);
} finally {
  mirror.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(failures === 0 ? 'all the same\n' : `${failures} differ\n`);
if (failures > 0) process.exitCode = 1;

/** @param {readonly (readonly string[])[]} sets */
function chosen(sets) {
  return sets.filter((names) => pattern.test(names.join(' ')));
}

/** @returns {Promise<Map<string, import('../test/rigs/apt.ts').Apt>>} */
async function startApts() {
  const apts = new Map();
  for (const architecture of architectures) {
    const root = join(folder, `apt-${architecture}`);
    mkdirSync(root);
    const apt = rigs.aptIn({ folder: root, architecture, sources: mirror.sources });
    const { status, stderr } = await apt.run('apt-get', 'update');
    if (status !== 0) throw new Error(`apt-get update ended with ${status}:\n${stderr}`);
    apts.set(architecture, apt);
  }
  return apts;
}

/**
 * @param {readonly string[]} names
 * @param {Map<string, import('../test/rigs/apt.ts').Apt>} apts
 */
async function compareClosures(names, apts) {
  const project = makeProject(names);
  await run(['lock', '-C', project, '-q']);
  for (const [architecture, apt] of apts) {
    const theirs = await apt.closure(...names);
    const ours = rigs.lockedClosure(project, `linux/${architecture}`);
    const differing = [
      ...theirs.filter((one) => !ours.includes(one)).map((one) => `only apt has ${one}`),
      ...ours.filter((one) => !theirs.includes(one)).map((one) => `only we have ${one}`),
    ];
    say(`${names.join(' ')}, ${architecture}, ${theirs.length} packages`, differing);
  }
}

/** @param {readonly string[]} names */
async function compareContents(names) {
  const project = makeProject(names);
  await run(['build', '-C', project, '-q', '-o', `oci:${join(project, 'layout')}`]);
  for (const architecture of architectures) {
    const [ours, theirs] = [join(project, architecture), join(project, `${architecture}-theirs`)];
    rigs.unpackLayout(join(project, 'layout'), architecture, ours);
    await rigs.unpackByMmdebstrap({ names, architecture }, mirror, theirs);
    const [ourTree, theirTree] = [rigs.listTree(ours), rigs.listTree(theirs)];
    const differing = rigs.differences(theirTree, ourTree, (path) => !rigs.isAdded(path));
    say(`${names.join(' ')}, ${architecture}, ${ourTree.size} files`, differing);
  }
  rmSync(project, { recursive: true });
}

/**
 * @param {readonly string[]} names
 * @returns {string} its folder
 */
function makeProject(names) {
  const project = join(folder, String(count++));
  mkdirSync(project);
  const layer = `deb: ${JSON.stringify(names)}\n    mirror: ${rigs.mirrorValue(mirror.suites)}\n    effects: []`;
  const head =
    'image: localhost/debs\nfrom: scratch\nplatforms: [linux/amd64, linux/arm64]\ncompression: none\n';
  writeFileSync(join(project, 'oci.config.yaml'), `${head}layers:\n  - ${layer}\n`);
  return project;
}

/** @param {readonly string[]} operands */
function run(operands) {
  return output(operands, { env: { LAYERWRIGHT_CACHE_DIR: join(folder, 'cache') } });
}

/**
 * @param {string} what
 * @param {readonly string[]} differing
 */
function say(what, differing) {
  if (differing.length > 0) failures += 1;
  const lines = differing.slice(0, 20).map((line) => `  ${line}\n`);
  process.stdout.write(`${differing.length === 0 ? 'same' : 'DIFFERENT'}: ${what}\n${lines.join('')}`);
}
