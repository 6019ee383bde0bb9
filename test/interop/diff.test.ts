/**
 * What `diff` says of pairs of images is what other tools see: umoci's unpacked files and skopeo's documents, compared by
 * a script that uses nothing of ours. And its last line is what a pull moves: containerd pulls the one, then the other,
 * and the registry's access log says how many bytes it sent.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImageDifferences } from '../../src/core/compare/diff-images.ts';
import { type CommandRun, runCommand, succeed } from '../rigs/command.ts';
import { type DockerRegistry, startDockerRegistry } from '../rigs/docker-registry.ts';
import { type Engine, startContainerd } from '../rigs/engines.ts';
import { type ImagePair, imagePairs } from '../rigs/image-pairs.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';
import { scratchFolder } from '../rigs/scratch-folder.ts';
import { unpackedDifferences } from '../rigs/unpacked-differences.ts';

const slow = 240_000;
const canRun = isRoot && hasProgram('umoci') && hasProgram('skopeo') && hasProgram('setfattr');
const canPull = hasProgram('docker-registry') && hasProgram('containerd') && hasProgram('ctr');

const scratch = scratchFolder('pairs');
const made = new Map<string, { readonly place: string; readonly images: readonly [string, string] }>();
afterAll(() => {
  scratch.remove();
});

/** Made once, whichever test asks first. */
function pairOf({ differs, make }: ImagePair) {
  const place = join(scratch.path, String(made.size));
  const known = made.get(differs);
  if (known !== undefined) return known;
  mkdirSync(place);
  const pair = { place, images: make(place) };
  made.set(differs, pair);
  return pair;
}

const options = (place: string) => ({ cwd: place, cache: join(scratch.path, 'cache') });

function diff(place: string, ...args: readonly string[]): CommandRun {
  return runCommand(['diff', '-q', ...args], options(place));
}

const cases = imagePairs.map((pair) => [pair.differs, pair] as const);

describe.skipIf(!canRun)('diff agrees with umoci and skopeo (needs root, umoci, skopeo and setfattr)', () => {
  test.each(cases)(
    'about images that differ in %s',
    (_differs, pair) => {
      const { place, images } = pairOf(pair);
      const { status, stdout } = diff(place, '--json', '--exit-code', ...images);
      const found = JSON.parse(stdout) as ImageDifferences;
      const expected = unpackedDifferences(place, ...images);
      expect(expected.files).toEqual(pair.files);
      const annotations = found.manifest.filter(({ field }) => field === 'annotation');
      const count = (...changes: readonly string[]): number =>
        found.layers.filter(({ change }) => changes.includes(change)).length;
      expect({
        same: found.same,
        files: filesOf(found),
        config: found.config.map(({ field, key }) => (key === undefined ? field : `${field} ${key}`)).sort(),
        annotations: annotations.map(({ key = '' }) => key),
        sharedDigests: count('shared'),
        sharedDiffIds: count('shared', 'recompressed'),
      }).toEqual(expected);
      expect(status).toBe(expected.same ? 0 : 10);
    },
    slow,
  );
});

function filesOf({ files }: ImageDifferences): string[] {
  return files.map((file) => {
    if (file.change !== 'changed') return `${file.change === 'added' ? '+' : '-'} ${file.path}`;
    return `~ ${file.path}: ${file.aspects.toSorted().join(' ')}`;
  });
}

describe.skipIf(!canRun || !canPull)(
  'the last line of diff (needs root, umoci, skopeo, docker-registry and containerd)',
  () => {
    let registry: DockerRegistry;
    let containerd: Engine;
    beforeAll(async () => {
      registry = await startDockerRegistry();
      containerd = await startContainerd();
    });
    afterAll(async () => {
      await containerd.stop();
      await registry.stop();
    });

    function push(place: string, from: string, to: string): string {
      const reference = `${registry.host}/${to}`;
      const args = ['copy', '--all', '--dest-tls-verify=false', from, `docker://${reference}`];
      execFileSync('skopeo', args, { cwd: place, stdio: ['ignore', 'ignore', 'pipe'] });
      return reference;
    }

    /** Bytes of the bodies that the registry sends while containerd pulls, once its log has what containerd has. */
    async function pull(reference: string): Promise<number> {
      const [logged, held] = [registry.accessLog().length, bytesHeld(containerd)];
      const { status, stderr } = containerd.run('content', 'fetch', '--plain-http', reference);
      expect(status, stderr).toBe(0);
      const wanted = bytesHeld(containerd) - held;
      const sent = (): number => bytesSent(registry.accessLog().slice(logged));
      await expect.poll(sent, { timeout: 30_000 }).toBeGreaterThanOrEqual(wanted);
      return sent();
    }

    test.each(cases)(
      'is what containerd pulls for an image that differs in %s',
      async (_differs, pair) => {
        const { place, images } = pairOf(pair);
        const name = `pair${String([...made.keys()].indexOf(pair.differs))}`;
        const [before, after] = [push(place, images[0], `${name}:a`), push(place, images[1], `${name}:b`)];
        const { stdout } = diff(place, before, after);
        await pull(before);
        expect(lastLine(stdout)).toContain(` pulls ${String(await pull(after))} byte`);
      },
      slow,
    );

    test('counts the index that a platform is chosen from', async () => {
      const recipe = (content: string): string => `
platforms: [linux/amd64, linux/arm64]
layers: [{ file: /kept, content: "of an index" }, { file: /changed, content: "${content}" }]
`;
      const place = join(scratch.path, 'index');
      mkdirSync(place);
      const names = ['one', 'another'].map((content) => {
        writeFileSync(join(place, 'oci.config.yaml'), recipe(content));
        const name = `${registry.host}/index:${content}`;
        succeed(['build', '-q', '--push', '-t', name], options(place));
        return name;
      });
      const [before = '', after = ''] = names;
      const { stdout } = diff(place, '--platform', 'linux/amd64', before, after);
      await pull(before);
      expect(lastLine(stdout)).toContain(` pulls ${String(await pull(after))} byte`);
      expect(lastLine(stdout)).toContain(': index, manifest, config, 1 of 2 layers');
    });
  },
);

/** The bytes of all blobs that containerd has, as its content store keeps them. */
function bytesHeld({ env }: Engine): number {
  const root = join(dirname(env['CONTAINERD_ADDRESS'] ?? ''), 'root/io.containerd.content.v1.content');
  const blobs = join(root, 'blobs/sha256');
  if (!existsSync(blobs)) return 0;
  return readdirSync(blobs).reduce((sum, name) => sum + statSync(join(blobs, name)).size, 0);
}

/** `127.0.0.1 - - [TIME] "GET /v2/… HTTP/1.1" 200 1234 "" "containerd/1.6"`. */
function bytesSent(log: string): number {
  const answers = log.matchAll(
    /"GET \/v2\/[^"]*\/(?:blobs|manifests)\/[^"]*" 200 (\d+) "[^"]*" "containerd/g,
  );
  return [...answers].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
