/**
 * The examples whose images have no base, built with an empty store and asked over HTTP in their containers. Packages come
 * from this machine's apt sources and npm registry; no registry of images is asked for anything.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { knownSuites } from '../../scripts/debian-mirror.mjs';
import { builtCommand } from '../rigs/command.ts';
import { runBuilt } from '../rigs/run-program.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';
import { type ScratchFolder, scratchFolder } from '../rigs/scratch-folder.ts';

const examples = resolve(import.meta.dirname, '../../examples');
const slow = 240_000;
const canRun = isRoot && hasProgram('runc') && knownSuites[0]?.suite === 'bookworm';

describe.skipIf(!canRun)('images from nothing (need root, runc, and apt sources of Debian bookworm)', () => {
  let scratch: ScratchFolder;
  const containers: ChildProcessByStdio<null, Readable, null>[] = [];
  beforeAll(() => {
    scratch = scratchFolder('nothing');
  });
  afterEach(stopAll);
  afterAll(() => {
    scratch.remove();
  });

  async function stopAll(): Promise<void> {
    for (const container of containers.splice(0)) {
      const ended = new Promise((settle) => container.once('close', settle));
      if (container.kill('SIGTERM')) await ended;
    }
  }

  /** A copy, so that no lock comes to stand in the repository. */
  function copyOf(example: string): string {
    const folder = join(scratch.path, example);
    const isMade = (path: string): boolean => /node_modules|layout/.test(path.slice(examples.length));
    cpSync(join(examples, example), folder, { recursive: true, filter: (path) => !isMade(path) });
    return folder;
  }

  async function build(folder: string, epoch: string): Promise<void> {
    const options = { cwd: folder, cache: `${folder}.store`, env: { SOURCE_DATE_EPOCH: epoch } };
    const argv = ['build', '--platform', 'linux/amd64', '-o', 'oci:layout'];
    const { status, stderr } = await runBuilt(argv, options);
    expect(status, stderr).toBe(0);
  }

  /** The image's process, on the network of this machine. */
  function start(folder: string, ...words: readonly string[]): ChildProcessByStdio<null, Readable, null> {
    const argv = [builtCommand, 'run', '--network', 'host', 'oci:layout', '--', ...words];
    const env = { ...process.env, LAYERWRIGHT_CACHE_DIR: `${folder}.store` };
    const container = spawn(process.execPath, argv, {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    containers.push(container);
    return container;
  }

  it('node-from-nothing answers over HTTP', { timeout: slow }, async () => {
    const folder = copyOf('node-from-nothing');
    await build(folder, '0');
    expect(readFileSync(join(folder, 'oci.lock'), 'utf8')).not.toContain('images:');
    const container = start(folder, 'src/server.js', '0');
    const printed = await new Promise<string>((settle) => {
      container.stdout.setEncoding('utf8').once('data', settle);
      container.once('close', () => {
        settle('the container ended');
      });
    });
    const port = /^listening on (\d+)/.exec(printed)?.[1];
    expect(port, printed).toBeDefined();
    const health = await fetch(`http://127.0.0.1:${String(port)}/health`);
    expect(await health.json()).toEqual({ status: 'ok', node: 'v22.23.3', arch: 'x64' });
    const time = await fetch(`http://127.0.0.1:${String(port)}/time/Europe/Berlin`);
    expect(await time.json()).toMatchObject({ time: expect.stringMatching(/GMT[+][12]$/) as unknown });
  });

  it('static-site serves what changed anew, and what did not from the cache', { timeout: slow }, async () => {
    const folder = copyOf('static-site');
    const page = join(folder, 'site/index.html');
    const ask = async (headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
      fetch(`${await served(folder)}/index.html`, { headers });

    await build(folder, '1700000000');
    const first = await ask();
    const cached = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect(first.headers.get('last-modified')).toBe('Tue, 14 Nov 2023 22:13:20 GMT');
    expect((await ask(cached)).status).toBe(304);

    writeFileSync(page, readFileSync(page, 'utf8').replaceAll('nothing', 'scratch'));
    await build(folder, '1700000001');
    const second = await ask(cached);
    expect([second.status, second.headers.get('content-length')]).toEqual([
      200,
      first.headers.get('content-length'),
    ]);
    expect(await second.text()).toContain('from scratch');
  });

  /** Where the container of the last build answers; one at a time. */
  async function served(folder: string): Promise<string> {
    await stopAll();
    const port = await freePort();
    start(folder, '-p', `127.0.0.1:${port}`, '-h', '/srv/site');
    const origin = `http://127.0.0.1:${port}`;
    for (;;) {
      if (
        await fetch(origin).then(
          () => true,
          () => false,
        )
      )
        return origin;
      await new Promise((settle) => setTimeout(settle, 20));
    }
  }
});

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const { port } = server.address() as AddressInfo;
  await new Promise((settle) => server.close(settle));
  return String(port);
}
