/** Base images made by other tools, each in its own way: a busybox, a second layer with whiteouts, an environment. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxEntries } from './busybox-image.ts';
import type { Engine } from './engines.ts';
import { preparePodman } from './podman.ts';
import { type RawEntry, rawTar } from './raw-tar.ts';
import { hasProgram } from './runtimes.ts';
import { makeUmociLayout } from './umoci.ts';

/** Where foreign images are made. */
export interface Workshop {
  /** Holds the project whose bases they are. */
  readonly folder: string;
  readonly docker: Engine | undefined;
  /** `127.0.0.1:PORT` */
  readonly registry: string;
}

export interface ForeignImage {
  readonly made: string;
  /** The programs that make it. */
  readonly needs: string;
  /** Makes it and says where it is, as `from:` names it. */
  readonly make: (workshop: Workshop) => string;
}

const folder = (name: string, more: Partial<RawEntry> = {}): RawEntry => ({
  name,
  type: '5',
  mode: 0o755,
  ...more,
});

const base: readonly RawEntry[] = [
  ...busyboxEntries(),
  folder('srv', { mode: 0o2755, uid: 5, gid: 6 }),
  { name: 'srv/old', content: 'old' },
  folder('srv/deep', { mode: 0o700 }),
  { name: 'srv/deep/kept', content: 'kept' },
  folder('opt', { mode: 0o1755 }),
  { name: 'opt/hidden', content: 'hidden' },
];

const change: readonly RawEntry[] = [
  folder('srv', { mode: 0o2755, uid: 5, gid: 6 }),
  { name: 'srv/.wh.old', content: '' },
  folder('opt', { mode: 0o1755 }),
  { name: 'opt/.wh..wh..opq', content: '' },
  { name: 'opt/new', content: 'new' },
];

export const foreignImages: readonly ForeignImage[] = [
  { made: 'umoci, in a layout', needs: 'umoci', make: (shop) => `oci:${umociLayout(shop)}:t` },
  {
    made: 'skopeo, in an oci-archive',
    needs: 'skopeo, umoci',
    make: (shop) => copied(shop, 'oci-archive:skopeo.tar:base'),
  },
  {
    made: 'skopeo, in a docker-archive',
    needs: 'skopeo, umoci',
    make: (shop) =>
      copied(shop, 'docker-archive:skopeo.docker.tar:localhost/base:1', 'docker-archive:skopeo.docker.tar'),
  },
  {
    made: 'skopeo, in a registry as OCI',
    needs: 'skopeo, umoci, docker-registry',
    make: (shop) => {
      const name = `${shop.registry}/base/oci:1`;
      return copied(shop, `docker://${name}`, name);
    },
  },
  {
    made: 'skopeo, in a registry as v2 schema 2',
    needs: 'skopeo, umoci, docker-registry',
    make: (shop) => {
      const name = `${shop.registry}/base/docker:1`;
      return copied(shop, `docker://${name} --format=v2s2`, name);
    },
  },
  {
    made: 'skopeo, in a layout, with zstd -19',
    needs: 'skopeo, umoci',
    make: (shop) =>
      copied(shop, 'oci:zstd:t --dest-compress-format zstd --dest-compress-level 19', 'oci:zstd:t'),
  },
  {
    made: 'skopeo, in a registry, with zstd:chunked',
    needs: 'skopeo, umoci, docker-registry',
    make: (shop) => {
      const name = `${shop.registry}/base/chunked:1`;
      return copied(shop, `docker://${name} --dest-compress-format zstd:chunked`, name);
    },
  },
  { made: 'podman push, with zstd', needs: 'podman, skopeo, umoci, docker-registry', make: podmanPushed },
  { made: 'buildah, in a layout', needs: 'buildah, runc', make: buildahLayout },
  { made: 'podman save', needs: 'podman, skopeo, umoci', make: podmanArchive },
  { made: 'docker save, of old', needs: 'dockerd, skopeo, umoci', make: dockerArchive },
  { made: 'docker save, of today', needs: 'dockerd, skopeo, umoci', make: newDockerArchive },
  { made: 'docker push', needs: 'dockerd, skopeo, umoci, docker-registry', make: dockerPushed },
];

export const canMake = ({ needs }: ForeignImage): boolean => needs.split(', ').every(hasProgram);

function tool(shop: Workshop, command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, {
    cwd: shop.folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The layout's folder, made anew; its image is tagged `t`. */
export function umociLayout(shop: Workshop): string {
  rmSync(join(shop.folder, 'layout'), { recursive: true, force: true });
  makeUmociLayout(shop.folder, [rawTar(base), rawTar(change)]);
  const settings = ['--config.env', 'MADE=by-a-tool', '--config.user', '1000', '--config.workingdir', '/srv'];
  tool(shop, 'umoci', 'config', '--image', 'layout:t', ...settings);
  return 'layout';
}

/** What umoci made, copied by skopeo; `to` may have options after it, and `name` says where it then is. */
function copied(shop: Workshop, to: string, name = to): string {
  const from = `oci:${umociLayout(shop)}:t`;
  tool(shop, 'skopeo', 'copy', '--dest-tls-verify=false', from, ...to.split(' '));
  return name;
}

function buildahLayout(shop: Workshop): string {
  writeFileSync(join(shop.folder, 'base.tar'), rawTar(base));
  // Its configuration is podman's.
  const place = join(shop.folder, '../b');
  preparePodman(place);
  const storage = ['--root', join(place, 'root'), '--runroot', join(place, 'run')];
  const buildah = (...args: readonly string[]): string =>
    tool(
      shop,
      'env',
      `CONTAINERS_CONF=${join(place, 'containers.conf')}`,
      'buildah',
      ...storage,
      ...args,
    ).trim();
  const container = buildah('from', 'scratch');
  buildah('add', container, 'base.tar', '/');
  buildah('config', '--env', 'MADE=by-a-tool', '--user', '1000', '--workingdir', '/srv', container);
  buildah('commit', container, 'first');
  const second = buildah('from', 'first');
  const script = 'rm /srv/old; rm -r /opt; mkdir -m 1755 /opt; echo -n new >/opt/new';
  buildah('run', '--network', 'none', '--user', '0', second, '/bin/busybox', 'sh', '-c', withBusybox(script));
  buildah('commit', second, 'oci:buildah:t');
  return 'oci:buildah:t';
}

/** Not every command has a link in the image. */
function withBusybox(script: string): string {
  return script.replaceAll(/\b(rm|mkdir)\b/g, '/bin/busybox $1');
}

function podmanArchive(shop: Workshop): string {
  copied(shop, 'docker-archive:for-podman.tar:localhost/base:1');
  const podman = preparePodman(join(shop.folder, '../p'));
  const done = [
    podman.run('load', '-i', join(shop.folder, 'for-podman.tar')),
    podman.run('save', '-o', join(shop.folder, 'podman.tar'), 'localhost/base:1'),
  ];
  expectDone(done);
  return 'docker-archive:podman.tar';
}

function podmanPushed(shop: Workshop): string {
  copied(shop, 'docker-archive:for-podman.tar:localhost/base:1');
  const podman = preparePodman(join(shop.folder, '../p'));
  const name = `${shop.registry}/base/podman:1`;
  const options = ['--tls-verify=false', '--compression-format', 'zstd', '--format', 'oci'];
  expectDone([
    podman.run('load', '-i', join(shop.folder, 'for-podman.tar')),
    podman.run('push', ...options, 'localhost/base:1', name),
  ]);
  return name;
}

/** A layer and history of docker's own stand above what skopeo gave it. */
function buildByDocker({ folder: place, docker }: Workshop, tag: string): Engine {
  if (docker === undefined) throw new Error('docker was not started');
  const context = join(place, 'for-docker');
  mkdirSync(context, { recursive: true });
  const lines = [
    'FROM localhost/base:1',
    'LABEL by=docker',
    'USER 0',
    'RUN /bin/busybox rm /srv/deep/kept',
    'USER 1000',
  ];
  writeFileSync(join(context, 'Dockerfile'), lines.join('\n'));
  expectDone([
    docker.run('load', '-i', join(place, 'for-docker.tar')),
    docker.run('build', '--network', 'none', '-t', tag, context),
  ]);
  return docker;
}

function dockerArchive(shop: Workshop): string {
  copied(shop, 'docker-archive:for-docker.tar:localhost/base:1');
  const docker = buildByDocker(shop, 'localhost/docker:1');
  expectDone([docker.run('save', '-o', join(shop.folder, 'docker.tar'), 'localhost/docker:1')]);
  return 'docker-archive:docker.tar';
}

/** Since version 25 it is an image layout with plain layers and a manifest.json beside it. */
function newDockerArchive(shop: Workshop): string {
  dockerArchive(shop);
  const place = join(shop.folder, 'new-docker');
  mkdirSync(join(place, 'blobs/sha256'), { recursive: true });
  tool(shop, 'tar', '-xf', 'docker.tar', '-C', place);
  const [old] = JSON.parse(readFileSync(join(place, 'manifest.json'), 'utf8')) as [OldManifest];
  const blob = (name: string, mediaType: string) => {
    const bytes = readFileSync(join(place, name));
    const hex = createHash('sha256').update(bytes).digest('hex');
    renameSync(join(place, name), join(place, 'blobs/sha256', hex));
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };
  const config = blob(old.Config, 'application/vnd.oci.image.config.v1+json');
  const layers = old.Layers.map((name) => blob(name, 'application/vnd.oci.image.layer.v1.tar'));
  const manifestType = 'application/vnd.oci.image.manifest.v1+json';
  writeJson(place, 'manifest', { schemaVersion: 2, mediaType: manifestType, config, layers });
  const annotations = {
    'io.containerd.image.name': 'localhost/docker:1',
    'org.opencontainers.image.ref.name': '1',
  };
  const manifests = [{ ...blob('manifest', manifestType), annotations }];
  writeJson(place, 'index.json', {
    schemaVersion: 2,
    mediaType: manifestType.replace('manifest', 'index'),
    manifests,
  });
  writeJson(place, 'oci-layout', { imageLayoutVersion: '1.0.0' });
  const path = ({ digest }: { readonly digest: string }): string => `blobs/${digest.replace(':', '/')}`;
  const sources = Object.fromEntries(layers.map((layer) => [layer.digest, layer]));
  const described = {
    Config: path(config),
    RepoTags: old.RepoTags,
    Layers: layers.map(path),
    LayerSources: sources,
  };
  writeJson(place, 'manifest.json', [described]);
  const kept = ['blobs', 'index.json', 'manifest.json', 'oci-layout', 'repositories'];
  const names = readdirSync(place).filter((name) => kept.includes(name));
  tool(shop, 'tar', '-cf', 'new-docker.tar', '-C', place, ...names);
  return 'docker-archive:new-docker.tar';
}

interface OldManifest {
  readonly Config: string;
  readonly RepoTags: readonly string[];
  readonly Layers: readonly string[];
}

function writeJson(place: string, name: string, value: unknown): void {
  writeFileSync(join(place, name), JSON.stringify(value));
}

function dockerPushed(shop: Workshop): string {
  copied(shop, 'docker-archive:for-docker.tar:localhost/base:1');
  const name = `${shop.registry}/base/pushed:1`;
  expectDone([buildByDocker(shop, name).run('push', name)]);
  return name;
}

function expectDone(runs: readonly { readonly status: number; readonly stderr: string }[]): void {
  const failed = runs.find(({ status }) => status !== 0);
  if (failed !== undefined) throw new Error(failed.stderr);
}
