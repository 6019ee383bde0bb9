/**
 * This machine's own Debian mirror, behind loopback, for tests and the bench: whatever is asked twice is downloaded
 * once, by apt's own helper and so with apt's settings, and kept for later. All who ask see one and the same archive.
 */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * @typedef {object} Suite as a sources.list names it
 * @property {string} mirror
 * @property {string} suite
 *
 * @typedef {object} DebianMirror
 * @property {readonly Suite[]} suites the release, and what this machine asks for besides: security, updates
 * @property {string} sources the same as lines of a sources.list, signed by Debian's keys
 * @property {() => void} stop
 */

const helper = '/usr/lib/apt/apt-helper';
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * The suites of Debian that this machine's apt knows, the release's own first; none where there are none.
 * @type {readonly Suite[]}
 */
export const knownSuites = existsSync(helper) && existsSync(keyring) ? suitesOfApt() : [];

/** The release that this machine's apt knows: `bookworm`. */
export const release = knownSuites[0]?.suite ?? '';

/** @returns {readonly Suite[]} */
function suitesOfApt() {
  const argv = ['indextargets', '--format', '$(SITE) $(RELEASE) $(COMPONENT)', 'Created-By: Packages'];
  const suites = spawnSync('apt-get', argv, { encoding: 'utf8' })
    .stdout.split('\n')
    .map((line) => line.split(' '))
    .filter(([site = '', , component]) => /[/]debian(-security)?[/]?$/.test(site) && component === 'main')
    .map(([site = '', suite = '']) => ({ mirror: site.replace(/[/]$/, ''), suite }));
  const first = suites.find(({ suite }) => /^[a-z]+$/.test(suite))?.suite;
  return suites
    .filter(({ suite }) => suite.split('-')[0] === first)
    .sort((one, other) => one.suite.length - other.suite.length);
}

/** @returns {Promise<DebianMirror>} */
export async function startDebianMirror() {
  const sites = [...new Set(knownSuites.map(({ mirror }) => mirror))];
  /** @type {Map<string, Promise<Buffer | undefined>>} */
  const fetched = new Map();
  /** @param {string} url */
  const fetchOnce = (url) => {
    const fetching = fetched.get(url) ?? download(url);
    fetched.set(url, fetching);
    return fetching;
  };
  const server = createServer((request, response) => {
    const [, site = '', rest = ''] = /^[/](\d+)[/](.+)$/.exec(decodeURIComponent(request.url ?? '')) ?? [];
    void fetchOnce(`${sites[Number(site)] ?? ''}/${rest}`).then((bytes) => {
      response.writeHead(bytes === undefined ? 404 : 200, { 'content-length': bytes?.length ?? 0 });
      response.end(request.method === 'HEAD' ? undefined : bytes);
    });
  });
  await new Promise((settle) => server.listen(0, '127.0.0.1', () => settle(undefined)));
  server.unref();
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const suites = knownSuites.map(({ mirror, suite }) => ({
    mirror: `http://127.0.0.1:${String(port)}/${String(sites.indexOf(mirror))}`,
    suite,
  }));
  const lines = suites.map(({ mirror, suite }) => `deb [signed-by=${keyring}] ${mirror} ${suite} main\n`);
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { suites, sources: lines.join(''), stop };
}

/**
 * What is named by its digest or version never changes, and is kept for other processes.
 * @param {string} url
 */
async function download(url) {
  const folder = join(tmpdir(), `layerwright-inputs-${String(userInfo().uid)}`, 'debian-mirror');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kept = join(folder, createHash('sha256').update(url).digest('hex'));
  const isFixed = /[/](?:pool|by-hash)[/]/.test(url);
  if (isFixed && existsSync(kept)) return readFileSync(kept);
  const fresh = `${kept}.${String(process.pid)}`;
  try {
    await promisify(execFile)(helper, ['-o', 'APT::Sandbox::User=root', 'download-file', url, fresh]);
  } catch {
    return undefined;
  }
  const bytes = readFileSync(fresh);
  if (isFixed) renameSync(fresh, kept);
  else rmSync(fresh);
  return bytes;
}
