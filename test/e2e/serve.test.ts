/** `serve` as a user starts it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Certificate, makeCertificate } from '../rigs/certificate.ts';
import { succeed } from '../rigs/command.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { type ServeCommand, startServeCommand } from '../rigs/serve-command.ts';

const recipe = `
image: ghcr.io/acme/api
tags: ["1.4.0"]
platforms: [linux/amd64]
layers:
  - file: /etc/motd
    content: hello
`;

let project: Project;
let server: ServeCommand | undefined;
beforeEach(() => {
  project = makeProject(recipe);
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  project.remove();
});

async function start(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<ServeCommand> {
  server = await startServeCommand(args, { ...project.options, env });
  return server;
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('its address is all that it prints, and %s ends it with %d', async (signal, code) => {
  const { url, stop } = await start(['registry']);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await fetch(`${url}/v2/`)).status).toBe(200);
  expect(await stop(signal)).toEqual({ code, stdout: url });
  expect(readdirSync(join(project.folder, 'registry')).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  server = undefined;
});

test('it offers what was built, by name, and takes pushes into a folder beside the store', async () => {
  const digest = project.succeed('build', '-q').trim().split('@')[1];
  const { host } = await start();
  expect(project.succeed('copy', '-q', `${host}/acme/api:1.4.0`, 'oci:pulled')).toBe(
    `oci:pulled@${digest}\n`,
  );
  project.succeed('push', '-q', 'oci:pulled', `${host}/other/name:1`);
  await server?.stop();
  await start(['--read-only']);
  expect(project.succeed('copy', '-q', `${server?.host}/other/name:1`, 'oci:again')).toBe(
    `oci:again@${digest}\n`,
  );
  expect(project.run('push', '-q', 'oci:pulled', `${server?.host}/other/name:2`).status).toBe(5);
});

test('--json says host and URL', async () => {
  const { url } = await start(['--json', 'registry']);
  const said = JSON.parse(url);
  expect(said).toEqual({ host: expect.stringMatching(/^127\.0\.0\.1:\d+$/), url: `http://${said.host}` });
});

describe('accounts', () => {
  const secret = 'canary-s3cret-0815';
  const header = { authorization: `Basic ${Buffer.from(`alice:${secret}`).toString('base64')}` };

  test.each(['a file', 'the environment'])('come from %s, and no password is printed', async (source) => {
    project.write('accounts.txt', `alice:${secret}\n`);
    const fromFile = source === 'a file';
    const { url, log } = await start(
      ['-v', 'registry', ...(fromFile ? ['--accounts', 'accounts.txt'] : [])],
      fromFile ? {} : { LAYERWRIGHT_SERVE_ACCOUNT: `alice:${secret}` },
    );
    expect((await fetch(`${url}/v2/`)).status).toBe(401);
    expect((await fetch(`${url}/v2/`, { headers: header })).status).toBe(200);
    await expect.poll(log, { timeout: 20_000 }).toBe('401 GET /v2/\n200 GET /v2/\n');
  });

  test('in a file that has none are a mistake, not an open door', () => {
    project.write('accounts.txt', '# nobody\n');
    const { status, stderr } = project.run('serve', 'registry', '--accounts', 'accounts.txt');
    expect([status, stderr]).toEqual([2, expect.stringContaining('accounts.txt has no account')]);
  });
});

describe('TLS', () => {
  let certificate: Certificate;
  beforeEach(async () => {
    certificate = await makeCertificate();
  });
  afterEach(() => certificate.remove());

  test('comes with a certificate and its key, and our own client speaks it', async () => {
    const { certificateFile, keyFile } = certificate;
    const digest = project.succeed('build', '-q', '-o', 'oci:out').trim().split('@')[1];
    const { url, host } = await start(['--tls-cert', certificateFile, '--tls-key', keyFile, 'out']);
    expect(url).toBe(`https://${host}`);
    const trusting = { ...project.options, env: { NODE_EXTRA_CA_CERTS: certificateFile } };
    const copied = succeed(['copy', '-q', `${host}/acme/api:1.4.0`, 'oci:pulled'], trusting);
    expect(copied).toBe(`oci:pulled@${digest}\n`);
  });

  test('needs both', () => {
    const { status, stderr } = project.run('serve', 'registry', '--tls-cert', certificate.certificateFile);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('--tls-cert and --tls-key belong together'),
    ]);
  });
});

test.each(['127.0.0.1:x', 'a b', '127.0.0.1:70000', ''])('it does not listen on "%s"', (address) => {
  const { status, stderr } = project.run('serve', 'registry', '--listen', address);
  expect([status, stderr]).toEqual([2, expect.stringContaining('is not HOST:PORT')]);
  expect(existsSync(join(project.folder, 'registry'))).toBe(false);
});

test('it warns where other computers can reach it', async () => {
  const { log } = await start(['--listen', '0.0.0.0', 'registry']);
  expect(log()).toContain('serve/unguarded');
});

test('a folder that holds something else is not touched', () => {
  project.write('notes/today.txt', 'mine');
  const { status, stdout, stderr } = project.run('serve', 'notes');
  expect([status, stdout, stderr]).toEqual([7, '', expect.stringContaining('serve/not-a-layout')]);
  expect(readFileSync(join(project.folder, 'notes/today.txt'), 'utf8')).toBe('mine');
  expect(readdirSync(join(project.folder, 'notes'))).toEqual(['today.txt']);
});
