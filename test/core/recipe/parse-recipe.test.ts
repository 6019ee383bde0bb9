import { describe, expect, it } from 'vitest';
import { imageOf, problemsOf, recipeOf } from './read-recipe.ts';

const amd64 = { os: 'linux', architecture: 'amd64' };

describe('parseRecipe', () => {
  it('fills in every default', () => {
    expect(imageOf('{}')).toEqual({
      name: 'image',
      at: '',
      origins: {},
      tags: [],
      from: 'scratch',
      platforms: [amd64],
      users: {},
      groups: {},
      format: 'oci',
      created: 'epoch',
      env: {},
      ports: [],
      volumes: [],
      labels: {},
      annotations: {},
      compression: { type: 'gzip', level: 6 },
      layers: [],
      outputs: [],
      runtime: {},
    });
  });

  it('takes a number where text may stand as it is written', () => {
    const image = imageOf(`
tags: [1.10, 0755]
user: 1000
env: { PORT: 8080, HEX: 0x1F, FLOAT: 1.50 }
labels: { version: 2.0 }
ports: [8080]
layers: [{ copy: a, owner: 0, xattrs: { user.x: 0x00ff } }]
`);
    expect(image).toMatchObject({
      tags: ['1.10', '0755'],
      user: '1000',
      env: { PORT: '8080', HEX: '0x1F', FLOAT: '1.50' },
      labels: { version: '2.0' },
      ports: ['8080'],
      layers: [{ owner: '0', xattrs: { 'user.x': 'AP8=' } }],
    });
  });

  it('is called by its repository where nothing names it', () => {
    const names = ['ghcr.io/acme/api', 'api:1', 'localhost:5000/a/b-c', 'ghcr.io/acme/${{ args.N }}'];
    const text = (image: string) => `image: "${image}"\nargs: { N: { default: x } }\n`;
    expect(names.map((name) => imageOf(text(name)).name)).toEqual(['api', 'api', 'b-c', 'image']);
  });

  it('reads each kind of layer', () => {
    const image = imageOf(`
layers:
  - copy: dist
    to: dist/
    include: ["**/*.js"]
    ignore: false
    mode: "0644"
    dirMode: "2755"
    mtime: epoch
    name: code
  - { file: /etc/motd, content: "hi", mtime: 1700000000 }
  - { file: bin, base64: "aGk", mtime: "2026-01-31T12:00:00.5Z" }
  - { dir: /srv, owner: "app:app", mode: "1777" }
  - { link: /bin/sh, target: ../usr/bin/sh }
  - { link: b, target: a, hard: true }
  - remove: /usr/share/doc
  - remove: [a, b]
  - { archive: root.tar.gz, strip: 1, sha256: ${'a1'.repeat(32)}, platforms: [linux/arm64] }
  - { image: "busybox:1.37", from: /bin/busybox, to: /bin/ }
  - { image: busybox }
  - { copy: x, compression: { type: none } }
`);
    const globs = { include: [], exclude: [] };
    expect(image.layers).toEqual([
      {
        ...{ at: '/layers/0', kind: 'copy', source: 'dist', to: 'dist/', name: 'code', include: ['**/*.js'] },
        ...{ exclude: [], ignore: false, allowSecrets: [], mode: 0o644, dirMode: 0o2755, mtime: 'epoch' },
      },
      {
        ...{ at: '/layers/1', kind: 'file', path: '/etc/motd', content: 'hi', encoding: 'text' },
        mtime: { seconds: 1_700_000_000 },
      },
      {
        ...{ at: '/layers/2', kind: 'file', path: 'bin', content: 'aGk=', encoding: 'base64' },
        mtime: { seconds: 1_769_860_800, nanoseconds: 500_000_000 },
      },
      { at: '/layers/3', kind: 'dir', path: '/srv', owner: 'app:app', mode: 0o1777 },
      { at: '/layers/4', kind: 'link', path: '/bin/sh', target: '../usr/bin/sh', hard: false },
      { at: '/layers/5', kind: 'link', path: 'b', target: 'a', hard: true },
      { at: '/layers/6', kind: 'remove', paths: ['/usr/share/doc'] },
      { at: '/layers/7', kind: 'remove', paths: ['a', 'b'] },
      {
        ...{
          at: '/layers/8',
          kind: 'archive',
          source: 'root.tar.gz',
          strip: 1,
          sha256: 'a1'.repeat(32),
          ...globs,
        },
        platforms: [{ os: 'linux', architecture: 'arm64' }],
      },
      {
        ...{ at: '/layers/9', kind: 'image', reference: 'busybox:1.37', from: ['/bin/busybox'], to: '/bin/' },
        ...globs,
      },
      { at: '/layers/10', kind: 'image', reference: 'busybox', from: ['/'], ...globs },
      {
        ...{ at: '/layers/11', kind: 'copy', source: 'x', ignore: true, allowSecrets: [], ...globs },
        compression: { type: 'none' },
      },
    ]);
  });

  it('hands a group’s `to` to those of its items that take one and say nothing', () => {
    const image = imageOf('layers: [{ to: /opt, group: [{ copy: a }, { copy: b, to: /b }, { dir: c }] }]');
    expect(image.layers).toMatchObject([
      {
        kind: 'group',
        items: [
          { kind: 'copy', to: '/opt', at: '/layers/0/group/0' },
          { kind: 'copy', to: '/b' },
          { kind: 'dir', path: 'c' },
        ],
      },
    ]);
  });

  it('reads health checks as Compose does', () => {
    const of = (text: string) => imageOf(`healthcheck: ${text}`).healthcheck;
    expect(of('{ test: curl -f localhost, interval: 1m30s, retries: 3, startInterval: 500ms }')).toEqual({
      test: ['CMD-SHELL', 'curl -f localhost'],
      interval: 90e9,
      retries: 3,
      startInterval: 5e8,
    });
    expect(of('{ test: [CMD, check] }')).toEqual({ test: ['CMD', 'check'] });
    expect(of('{ disable: true }')).toEqual({ test: ['NONE'] });
  });

  it('reads what shapes the bundle', () => {
    const text = `
runtime:
  hostname: api
  readonly: true
  mounts: [{ source: /srv, target: /data }]
  tmpfs: [/tmp]
  memory: 512m
  pids: 10
  cpus: 1.5
  ulimits: { nofile: 1024, nproc: { soft: 1, hard: 2 } }
  capabilities: { add: [net_admin], drop: [ALL] }
  env: { A: 1 }
  network: host
  rootless: true
`;
    expect(imageOf(text).runtime).toEqual({
      hostname: 'api',
      readonly: true,
      mounts: [{ source: '/srv', target: '/data', type: 'bind', options: [] }],
      tmpfs: ['/tmp'],
      memory: 536_870_912,
      pids: 10,
      cpus: 1.5,
      ulimits: { nofile: { soft: 1024, hard: 1024 }, nproc: { soft: 1, hard: 2 } },
      capabilities: { add: ['CAP_NET_ADMIN'], drop: ['ALL'] },
      env: { A: '1' },
      network: 'host',
      rootless: true,
    });
  });

  it('reads when the image was created', () => {
    const created = (text: string) => imageOf(`created: ${text}`).created;
    expect(created('commit')).toBe('commit');
    expect(created('2026-01-31T12:00:00Z')).toEqual({ seconds: 1_769_860_800 });
  });

  it('leaves keys that begin with x- free, wherever keys are known', () => {
    const text = 'x-a: &e { A: b }\nenv: *e\nlayers: [{ copy: a, x-why: 5 }]\nruntime: { x-b: [] }\n';
    expect(imageOf(text).env).toEqual({ A: 'b' });
  });

  it('reads the same recipe from YAML, JSON and any order of keys', () => {
    const yaml = imageOf('from: node\nworkdir: /app\ncmd:\n- a\n');
    const json = imageOf('{"cmd": ["a"], "workdir": "/app", "from": "node"}\r\n');
    expect(json).toEqual(yaml);
  });
});

describe('compression', () => {
  it.each([
    ['gzip', { type: 'gzip', level: 6 }],
    ['zstd', { type: 'zstd', level: 3 }],
    ['none', { type: 'none' }],
    ['{ type: zstd }', { type: 'zstd', level: 3 }],
    ['{ type: zstd, level: 19 }', { type: 'zstd', level: 19 }],
    ['{ type: gzip, level: 1 }', { type: 'gzip', level: 1 }],
  ])('%s is said for the image or for one layer', (written, read) => {
    const text = `compression: ${written}\nlayers: [{ copy: a }, { copy: b, compression: ${written} }]`;
    expect(recipeOf(text).images[0]).toMatchObject({
      compression: read,
      layers: [{}, { compression: read }],
    });
    expect(recipeOf(text).images[0]?.layers[0]).not.toHaveProperty('compression');
  });

  it('of another type than the inherited one does not inherit its level', () => {
    const { images } = recipeOf(`
compression: { type: gzip, level: 9 }
images:
  a: { compression: { type: zstd } }
  b: { compression: { type: gzip } }
  c: { compression: zstd }
  d: { compression: { type: none } }
`);
    expect(images.map(({ compression }) => compression)).toEqual([
      { type: 'zstd', level: 3 },
      { type: 'gzip', level: 9 },
      { type: 'zstd', level: 3 },
      { type: 'none' },
    ]);
  });

  it('with zstd goes to a docker-archive where no layer of the image is packed with it', () => {
    const text =
      'compression: zstd\noutputs: [docker-archive:a.tar]\nlayers: [{ copy: a, compression: gzip }]';
    expect(problemsOf(text)).toEqual([]);
  });
});

describe('images', () => {
  const recipe = recipeOf(`
from: node
tags: [a, b]
env: { A: top, B: top }
runtime: { pids: 5, env: { X: "1" } }
compression: { type: gzip, level: 9 }
layers: [{ copy: shared }]
images:
  api: {}
  debug:
    tags: [debug]
    env: { B: own, C: own }
    runtime: { env: { Y: "2" } }
    compression: { type: none }
    layers: [{ copy: own }]
`);
  const [api, debug] = recipe.images;

  it('inherit everything where they say nothing', () => {
    expect(api).toMatchObject({ name: 'api', at: '/images/api', from: 'node', tags: ['a', 'b'] });
  });

  it('merge maps, replace lists, append layers', () => {
    expect(debug).toMatchObject({
      tags: ['debug'],
      env: { A: 'top', B: 'own', C: 'own' },
      runtime: { pids: 5, env: { X: '1', Y: '2' } },
      compression: { type: 'none' },
    });
    expect(debug?.layers).toMatchObject([
      { source: 'shared', at: '/layers/0' },
      { source: 'own', at: '/images/debug/layers/0' },
    ]);
  });

  it('say where each key was written', () => {
    expect(debug?.origins).toMatchObject({
      from: '',
      tags: '/images/debug',
      env: '/images/debug',
      'env/A': '',
      'env/B': '/images/debug',
    });
  });

  it('stand in the order of the text', () => {
    expect(recipeOf('images: { z: {}, a: {}, m: {} }').images.map(({ name }) => name)).toEqual([
      'z',
      'a',
      'm',
    ]);
  });
});
