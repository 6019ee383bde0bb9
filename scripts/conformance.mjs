/**
 * Runs the official conformance suite of the distribution specification against `layerwright serve`: the suite as it is
 * today, for 1.1 and with what is optional there, and the one of the time before 1.1.0, with all four workflows. Both
 * are Go modules without releases, so commits are pinned. Prints counts and each test that was skipped by name; ends
 * with 1 where one failed.
 *
 *     node scripts/conformance.mjs      needs Go and its module proxy; dist/ has to be built
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCommand } from './built-command.mjs';

const goModule = 'github.com/opencontainers/distribution-spec/conformance';

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} version
 * @property {readonly string[]} build arguments of go, before `-o FILE .`
 * @property {readonly string[]} leftOut what is off by the suite's own default for 1.1, and why it stays off
 * @property {(host: string, results: string) => Record<string, string>} env
 */

/** @type {readonly Suite[]} */
const suites = [
  {
    name: 'conformance of 2026-08-31, for 1.1',
    version: 'v0.0.0-20260831232431-97274622c111',
    build: ['build'],
    leftOut: ['Sparse Manifests: what is not whole is refused here, as a registry may'],
    env: (host, results) => ({
      OCI_VERSION: '1.1',
      OCI_REGISTRY: host,
      OCI_TLS: 'disabled',
      OCI_RESULTS_DIR: results,
      // All of pull, push, discovery and management is on by default; this is what is optional in 1.1.
      OCI_API_BLOBS_DIGEST_HEADER: 'true',
      OCI_API_BLOBS_UPLOAD_CANCEL: 'true',
      OCI_API_MANIFESTS_DIGEST_HEADER: 'true',
      OCI_API_MANIFESTS_TAG_PARAM: 'true',
    }),
  },
  {
    name: 'conformance of 2023-11-01, four workflows',
    version: 'v0.0.0-20231101194043-f2182352d4cc',
    build: ['test', '-c'],
    leftOut: [],
    env: (host, results) => ({
      OCI_ROOT_URL: `http://${host}`,
      OCI_NAMESPACE: 'workflows/one',
      OCI_CROSSMOUNT_NAMESPACE: 'workflows/two',
      OCI_AUTOMATIC_CROSSMOUNT: '1',
      OCI_TEST_PULL: '1',
      OCI_TEST_PUSH: '1',
      OCI_TEST_CONTENT_DISCOVERY: '1',
      OCI_TEST_CONTENT_MANAGEMENT: '1',
      OCI_REPORT_DIR: results,
    }),
  },
];

const folder = await mkdtemp(join(tmpdir(), 'layerwright-conformance-'));
const server = startCommand(['serve', '-q', join(folder, 'registry')]);
try {
  const host = await addressOf(server);
  let failed = 0;
  for (const suite of suites) failed += report(suite, runSuite(suite, host));
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('close', resolve));
  await rm(folder, { recursive: true, force: true });
}

/** @param {ReturnType<typeof startCommand>} child */
async function addressOf(child) {
  for await (const chunk of child.stdout) return String(chunk).trim().replace('http://', '');
  throw new Error('`layerwright serve` said no address');
}

/**
 * @param {Suite} suite
 * @param {string} host
 */
function runSuite(suite, host) {
  const results = join(folder, suite.version);
  mkdirSync(results);
  const environment = { PATH: process.env['PATH'] ?? '', HOME: folder, ...suite.env(host, results) };
  const { error } = spawnSync(builtSuite(suite), [], {
    cwd: results,
    env: environment,
    stdio: 'ignore',
  });
  if (error !== undefined) throw error;
  return readTests(join(results, 'junit.xml'));
}

/** @param {Suite} suite */
function builtSuite({ version, build }) {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'layerwright-conformance');
  const program = join(cache, version);
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  /** @param {readonly string[]} words @param {string} [cwd] */
  const go = (words, cwd = folder) =>
    execFileSync('go', words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const { Dir } = JSON.parse(go(['mod', 'download', '-json', `${goModule}@${version}`]));
  const temporary = join(folder, 'program');
  go([...build, '-buildvcs=false', '-o', temporary, '.'], Dir);
  execFileSync('cp', [temporary, `${program}.${process.pid}`]);
  renameSync(`${program}.${process.pid}`, program);
  return program;
}

/**
 * Both suites write JUnit's XML, with the outcome in an attribute.
 *
 * @param {string} path
 */
function readTests(path) {
  const cases = [...readFileSync(path, 'utf8').matchAll(/<testcase name="([^"]*)"[^>]* status="(\w+)"/g)];
  return cases.map(([, name = '', status = '']) => ({ name: name.replace('[It] ', ''), status }));
}

/**
 * @param {Suite} suite
 * @param {ReturnType<typeof readTests>} tests
 */
function report({ name, leftOut }, tests) {
  const passed = tests.filter(({ status }) => status === 'passed');
  const skipped = tests.filter(({ status }) => status === 'skipped');
  const failed = tests.filter((test) => !passed.includes(test) && !skipped.includes(test));
  const counts = `${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped`;
  process.stdout.write(`${name}: ${counts}\n`);
  for (const test of failed) process.stdout.write(`  failed   ${test.name}\n`);
  for (const test of skipped) process.stdout.write(`  skipped  ${test.name}\n`);
  for (const what of leftOut) process.stdout.write(`  left out ${what}\n`);
  return passed.length === 0 ? 1 : failed.length;
}
