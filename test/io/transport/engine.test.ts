/** Engines as scripts on a PATH of the test's own; the real ones are in test/interop/load.test.ts. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findEngine, loadIntoEngine } from '../../../src/io/transport/engine.ts';
import { openDockerArchive } from '../../../src/io/transport/docker-archive.ts';
import { scratchFolder, type ScratchFolder } from '../../rigs/scratch-folder.ts';
import { copyOf, quietContext, sampleImage } from './sample-image.ts';
import { collect } from '../../suites/store-suite.ts';

let scratch: ScratchFolder;
beforeEach(() => {
  scratch = scratchFolder('engine');
});
afterEach(() => {
  scratch.remove();
});

const signal = new AbortController().signal;

/** A program that answers its probe and runs `load` for `load`. */
function install(program: string, load: string, probe = 'exit 0'): void {
  const path = join(scratch.path, program);
  writeFileSync(path, `#!/bin/sh\ncase "$1" in load) ${load} ;; *) ${probe} ;; esac\n`);
  chmodSync(path, 0o755);
}

const env = () => ({ PATH: `${scratch.path}:/usr/bin:/bin`, OUT: join(scratch.path, 'out.tar') });
/** Only what the test installs: the machine may have engines. */
const bare = () => ({ PATH: scratch.path });

async function load(contents: readonly string[] = ['one']): Promise<void> {
  const image = await sampleImage({ contents });
  const engine = await findEngine({ env: env(), signal });
  const delivery = { root: image.root, references: ['registry.example/a/b:1'], blobs: image.blobs };
  await loadIntoEngine(delivery, engine, quietContext());
}

describe('finding an engine', () => {
  it('prefers docker', async () => {
    install('docker', 'exit 0');
    install('podman', 'exit 0');
    expect((await findEngine({ env: bare(), signal })).program).toBe('docker');
  });

  it('takes podman where docker is there and its daemon does not answer', async () => {
    install('docker', 'exit 1', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
    install('podman', 'exit 0');
    expect((await findEngine({ env: bare(), signal })).program).toBe('podman');
  });

  it('says of each why it is none', async () => {
    install('docker', 'exit 1', 'echo "Cannot connect to the \\033[31mdaemon" >&2; exit 1');
    await expect(findEngine({ env: bare(), signal })).rejects.toMatchObject({
      code: 'transport/no-engine',
      message: expect.stringMatching(/docker: Cannot connect to the .*daemon; podman: is not installed$/),
    });
  });
});

describe('loading into an engine', () => {
  it('gives it a docker-archive with the digests and the names of the image', async () => {
    install('docker', 'exec cat >"$OUT"');
    const image = await sampleImage({ contents: ['one'] });
    await load();
    const source = await openDockerArchive({ transport: 'docker-archive', path: env().OUT });
    expect([source.root.digest, source.references]).toEqual([image.root.digest, ['registry.example/a/b:1']]);
    expect(await copyOf(source)).toEqual(await collect(image.blobs.list()));
  });

  it('tells its own words when it fails, though it read nothing', async () => {
    install('docker', 'echo "no space left on device" >&2; exit 1');
    const big = Array.from({ length: 40 }, (_, at) => `${String(at)}${'x'.repeat(100_000)}`);
    await expect(load(big)).rejects.toMatchObject({
      code: 'transport/engine-failed',
      message: 'docker load failed: no space left on device',
    });
  });

  it('ends the engine where a blob is missing, so that half an image is never loaded', async () => {
    install('docker', 'cat >"$OUT.part" && mv "$OUT.part" "$OUT"');
    const image = await sampleImage();
    const [layer] = image.layers;
    const blobs: typeof image.blobs = {
      ...image.blobs,
      read: (digest) => {
        if (digest === layer?.digest) throw new Error('gone');
        return image.blobs.read(digest);
      },
    };
    const engine = await findEngine({ env: env(), signal });
    const loading = loadIntoEngine({ root: image.root, references: [], blobs }, engine, quietContext());
    await expect(loading).rejects.toThrow('gone');
    expect(() => readFileSync(env().OUT)).toThrow('ENOENT');
  });

  it('ends with the signal', async () => {
    install('docker', 'exec sleep 60');
    const controller = new AbortController();
    const image = await sampleImage({ contents: Array.from({ length: 40 }, () => 'x'.repeat(100_000)) });
    const engine = await findEngine({ env: env(), signal });
    const delivery = { root: image.root, references: [], blobs: image.blobs };
    const context = {
      signal: controller.signal,
      emit: () => {
        controller.abort(new Error('interrupted'));
      },
    };
    await expect(loadIntoEngine(delivery, engine, context)).rejects.toThrow('interrupted');
  });
});
