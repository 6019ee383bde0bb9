/**
 * `npm: .` reaches a registry as npm's settings say: a registry behind a proxy that opens tunnels, with a certificate of
 * an authority that nobody knows. Its name is in no DNS, so that nothing can reach it in another way.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Certificate, makeCertificate } from '../../rigs/certificate.ts';
import { projectOf, type PublishedPackage, startNpmRegistry } from '../../rigs/npm-registry.ts';
import { makeProject, type Project } from '../../rigs/project.ts';
import type { RecordingListener } from '../../rigs/recording-listener.ts';
import { runBuilt } from '../../rigs/run-program.ts';
import { startTunnelProxy, type TunnelProxy } from '../../rigs/tunnel-proxy.ts';

const recipe = 'from: scratch\nworkdir: /app\nlayers:\n  - npm: .\n';
const left: PublishedPackage = { name: 'left', version: '1.2.3', files: { 'index.js': 'left();\n' } };
const name = 'packages.test';
const secret = 'proxy-canary-7d20';

let known: Certificate;
let other: Certificate;
let registry: RecordingListener;
beforeAll(async () => {
  known = await makeCertificate({ names: `DNS:${name}` });
  other = await makeCertificate({ names: `DNS:${name}`, subject: 'another' });
  registry = await startNpmRegistry([left], { tls: known });
});
afterAll(async () => {
  await registry.stop();
  await known.remove();
  await other.remove();
});

let project: Project;
let proxy: TunnelProxy;
afterEach(async () => {
  project.remove();
  await proxy.stop();
});

interface Settings {
  readonly user?: readonly string[];
  readonly machine?: readonly string[];
  readonly project?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Builds with those lines in .npmrc, at home or in the project. */
async function build(settings: (proxyUrl: string) => Settings) {
  proxy = await startTunnelProxy(() => ({ [`${name}:443`]: registry.host }));
  project = makeProject(recipe, projectOf([left]));
  const home = mkdtempSync(join(project.folder, '..', 'home-'));
  const said = settings(proxy.origin.replace('//', `//me:${secret}@`));
  const { user = [], machine = [], project: own = [], env = {} } = said;
  writeFileSync(join(home, 'machine'), machine.join('\n'));
  writeFileSync(join(home, '.npmrc'), [`registry=https://${name}/`, ...user, ''].join('\n'));
  writeFileSync(join(home, 'authority.pem'), known.certificate);
  project.write('.npmrc', own.join('\n'));
  project.write('authority.pem', known.certificate);
  const before = registry.requests.length;
  const run = await runBuilt(['build', '-q', '-o', 'oci:layout:t'], {
    ...project.options,
    env: { HOME: home, npm_config_globalconfig: join(home, 'machine'), ...env },
  });
  expect(run.stdout + run.stderr).not.toContain(secret);
  return { ...run, requests: registry.requests.length - before };
}

const inline = ({ certificate }: Certificate): string => JSON.stringify(certificate);

test.each<[string, (proxyUrl: string) => Settings]>([
  ['`cafile` and `https-proxy`', (url) => ({ user: ['cafile=~/authority.pem', `https-proxy=${url}`] })],
  [
    '`ca[]`, and `proxy` for https too',
    (url) => ({
      user: [`ca[]=${inline(other)}`, `ca[]=${inline(known)}`, `proxy=${url}`],
      machine: [`cafile=${other.certificateFile}`],
    }),
  ],
  [
    'npm_config_… of the environment',
    (url) => ({ env: { npm_config_cafile: known.certificateFile, npm_config_https_proxy: url } }),
  ],
  ['`cafile` and HTTPS_PROXY', (url) => ({ user: ['cafile=~/authority.pem'], env: { HTTPS_PROXY: url } })],
])('%s', async (_what, settings) => {
  const { status, stderr, requests } = await build(settings);
  expect(status, stderr).toBe(0);
  expect(requests).toBe(1);
  expect(proxy.asked).toEqual([`${name}:443`]);
  expect(proxy.authorizations).toEqual([`Basic ${Buffer.from(`me:${secret}`).toString('base64')}`]);
});

test('`ca` is trusted in place of all others', async () => {
  const { status, stderr, requests } = await build((url) => ({
    user: [`ca=${inline(other)}`, `https-proxy=${url}`],
    env: { NODE_EXTRA_CA_CERTS: known.certificateFile },
  }));
  expect(status, stderr).toBe(5);
  expect(stderr).toContain('error[download/certificate]');
  expect(requests).toBe(0);
});

test('a project that was checked out does not say whom to trust', async () => {
  const { status, stderr, requests } = await build((url) => ({
    user: [`https-proxy=${url}`],
    project: ['cafile=authority.pem', `ca=${inline(known)}`, 'https-proxy=http://127.0.0.1:9'],
  }));
  expect(status, stderr).toBe(5);
  expect(stderr).toContain('error[download/certificate]');
  expect(requests).toBe(0);
  expect(proxy.asked.length).toBeGreaterThan(0);
});
