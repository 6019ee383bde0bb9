import { describe, expect, it } from 'vitest';
import { imageOf, placesOf, problemsOf, recipeOf } from './read-recipe.ts';

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

describe('problems', () => {
  it.each([
    ['an unknown key anywhere', 'env: {}\nruntime: { memry: 5 }\n', ['recipe/unknown-key 2:12']],
    ['a key of images at the wrong place', 'images: { a: { args: {} } }', ['recipe/unknown-key 1:16']],
    ['a value that is missing', 'layers:\nenv:\n', ['recipe/wrong-type 1:8', 'recipe/wrong-type 2:5']],
    ['text where a list belongs', 'tags: latest', ['recipe/wrong-type 1:7']],
    ['a list where text belongs', 'from: [a]', ['recipe/wrong-type 1:7']],
    ['YAML 1.1’s no', 'layers: [{ copy: a, ignore: no }]', ['recipe/wrong-type 1:29']],
    ['a recipe that is a list', '- copy: a', ['recipe/wrong-type 1:1']],
    ['a recipe that is text', 'hello', ['recipe/wrong-type 1:1']],
    [
      'a mode that is a number',
      'layers: [{ copy: a, mode: 0755, dirMode: 493 }]',
      ['recipe/mode-not-text 1:27', 'recipe/mode-not-text 1:42'],
    ],
    ['a mode that is no octal', 'layers: [{ copy: a, mode: "0999" }]', ['recipe/bad-value 1:27']],
    [
      'a command that is text',
      'entrypoint: a b\ncmd: c\n',
      ['recipe/command-not-list 1:13', 'recipe/command-not-list 2:6'],
    ],
    ['an empty list that must hold something', 'platforms: []', ['recipe/bad-value 1:12']],
    ['no images', 'images: {}', ['recipe/bad-value 1:9']],
    ['a file without content', 'layers: [{ file: a }]', ['recipe/missing-key 1:12']],
    [
      'a file with two contents',
      'layers: [{ file: a, content: b, base64: aGk= }]',
      ['recipe/misplaced-key 1:33'],
    ],
    ['content that is no base64', 'layers: [{ file: a, base64: "*" }]', ['recipe/bad-value 1:29']],
    [
      'compression within a group',
      'layers: [{ group: [{ copy: a, compression: { type: none } }] }]',
      ['recipe/misplaced-key 1:31'],
    ],
    [
      'a group within a group',
      'layers: [{ group: [{ group: [{ copy: a }] }] }]',
      ['recipe/no-layer-kind 1:22'],
    ],
    ['a level of nothing', 'compression: { type: none, level: 3 }', ['recipe/bad-value 1:35']],
    [
      'levels that are none',
      'compression: { type: zstd, level: 20 }\nlayers: [{ copy: a, compression: { type: gzip, level: 10 } }]',
      ['recipe/bad-value 1:35', 'recipe/bad-value 2:55'],
    ],
    ['a level that only zstd has', 'compression: { type: gzip, level: 10 }', ['recipe/bad-value 1:35']],
    [
      'one wrong level that several images inherit',
      'compression: { type: gzip, level: 10 }\nimages: { a: {}, b: {}, c: { compression: { type: gzip } } }',
      ['recipe/bad-value 1:35'],
    ],
    ['compressions that are none', 'compression: lz4\n', ['recipe/bad-value 1:14']],
    [
      'zstd for docker',
      'format: docker\noutputs: [docker-archive:a.tar, oci:b]\nlayers: [{ copy: a }, { copy: b, compression: zstd }]',
      ['recipe/zstd-for-docker 1:9', 'recipe/zstd-for-docker 2:11'],
    ],
    [
      'later kinds of layer',
      'layers: [{ npm: ., omit: [dev] }, { deb: [a] }, { fetch: x, to: y }]',
      ['recipe/not-yet 1:12', 'recipe/not-yet 1:37', 'recipe/not-yet 1:51'],
    ],
    [
      'later keys',
      'users: {}\nruntime: { seccomp: x, idmap: y }\nlayers: [{ copy: a, dedupe: true }]',
      ['recipe/not-yet 1:1', 'recipe/not-yet 2:12', 'recipe/not-yet 2:24', 'recipe/not-yet 3:21'],
    ],
    [
      'later archives',
      'layers: [{ archive: a.tar.xz }, { archive: "https://x/a.tar" }, { archive: a.zip }]',
      ['recipe/not-yet 1:21', 'recipe/not-yet 1:44', 'recipe/not-yet 1:76'],
    ],
    [
      'a copy from outside',
      'layers: [{ copy: a/../../b }, { copy: /etc }, { copy: "" }]',
      ['recipe/outside-context 1:18', 'recipe/outside-context 1:39', 'recipe/outside-context 1:55'],
    ],
    [
      'bases and outputs outside',
      'from: oci:../base\noutputs: [oci:/tmp/x, rootfs:../y]',
      ['recipe/outside-context 1:7', 'recipe/outside-context 2:11', 'recipe/outside-context 2:23'],
    ],
    [
      'paths that leave the image',
      'layers: [{ copy: a, to: ../../x }, { dir: a/../b }, { link: ., target: x }]',
      ['recipe/path-outside-image 1:25', 'recipe/path-outside-image 1:43', 'recipe/path-outside-image 1:61'],
    ],
    [
      'paths that runtimes mount over',
      'workdir: /proc\nlayers: [{ copy: a, to: x }, { dir: /sys }, { remove: [/dev/null] }]',
      ['recipe/reserved-path 2:25', 'recipe/reserved-path 2:37', 'recipe/reserved-path 2:56'],
    ],
    [
      'files out of an image of this recipe',
      'layers: [{ image: image:base, from: /x }]',
      ['recipe/bad-reference 1:19'],
    ],
    ['a reference with a control character', 'from: "a\\x1bb"', ['recipe/bad-reference 1:7']],
    ['a reference of 100 kB', `from: ${'a'.repeat(100_000)}`, ['recipe/bad-reference 1:7']],
    ['a digest of what is not made yet', `image: a@sha256:${'0'.repeat(64)}`, ['recipe/bad-reference 1:8']],
    ['tags at two places', 'image: a:1\ntags: [b]', ['recipe/bad-tag 1:8']],
    ['an image that is a transport', 'image: oci:out', ['recipe/bad-reference 1:8']],
    ['an output to the store', `outputs: ["store:sha256:${'0'.repeat(64)}"]`, ['recipe/bad-reference 1:11']],
    [
      'platforms',
      'platforms: [arm64, linux/arm64, linux/aarch64, linux/*, linux/amd46]',
      [
        'recipe/bad-platform 1:13',
        'recipe/bad-platform 1:33',
        'recipe/bad-platform 1:48',
        'recipe/bad-platform 1:57',
      ],
    ],
    [
      'ports',
      'ports: [0, 65536, 80/sctp, 8000-8010, 1.5]',
      [
        'recipe/bad-port 1:9',
        'recipe/bad-port 1:12',
        'recipe/bad-port 1:19',
        'recipe/bad-port 1:28',
        'recipe/bad-port 1:39',
      ],
    ],
    [
      'users',
      'user: "4294967296"\nlayers: [{ copy: a, owner: "a:b:c" }, { copy: a, owner: " 0" }]',
      ['recipe/bad-owner 1:7', 'recipe/bad-owner 2:28', 'recipe/bad-owner 2:57'],
    ],
    ['names of variables', 'env: { "A=B": x, "A\\nB": y }', ['recipe/bad-name 1:8', 'recipe/bad-name 1:18']],
    [
      'a NUL in a value',
      'env: { A: "x\\0y" }\ncmd: ["\\0"]',
      ['recipe/control-character 1:11', 'recipe/control-character 2:7'],
    ],
    [
      'relative volumes and mounts',
      'volumes: [data]\nruntime: { tmpfs: [tmp], mounts: [{ source: a, target: b }] }',
      ['recipe/path-outside-image 1:11', 'recipe/path-outside-image 2:20', 'recipe/path-outside-image 2:56'],
    ],
    [
      'limits',
      'runtime: { ulimits: { nofiles: 5, nofile: { soft: 2, hard: 1 } } }',
      ['recipe/bad-value 1:32', 'recipe/bad-value 1:43'],
    ],
    ['capabilities', 'runtime: { capabilities: { add: [NET] } }', ['recipe/bad-value 1:34']],
    ['an image that builds on itself', 'images: { a: { from: image:a } }', ['recipe/cycle 1:22']],
    [
      'two circles and a tail',
      'images: { t: { from: image:a }, a: { from: image:b }, b: { from: image:a }, c: { from: image:c } }',
      ['recipe/cycle 1:44', 'recipe/cycle 1:88'],
    ],
    ['an image without a name that builds on a name', 'from: image:x', ['recipe/unknown-image 1:7']],
    [
      'outputs that collide',
      'outputs: [oci:a, oci:a/., oci:a:tag, oci-archive:x, docker-archive:./x, bundle:b, rootfs:b/c]',
      ['recipe/colliding-outputs 1:18', 'recipe/colliding-outputs 1:53', 'recipe/colliding-outputs 1:83'],
    ],
    [
      'substitutions that are none',
      'tags: ["${{ secrets.X }}", "${{ args.X }}", "a${{"]',
      ['recipe/bad-substitution 1:9', 'recipe/undeclared-argument 1:29', 'recipe/bad-substitution 1:47'],
    ],
    [
      'substitutions where there are none',
      'created: "${{ platform.os }}"\nenv: { "${{ image.name }}": x }',
      ['recipe/substitution-here 1:10', 'recipe/substitution-here 2:8'],
    ],
    [
      'names of arguments',
      'args: { "a-b": {}, A: { env: "x y" } }',
      ['recipe/bad-name 1:9', 'recipe/bad-name 1:30'],
    ],
  ])('are found at their places: %s', (_, text, expected) => {
    expect(placesOf(problemsOf(text))).toEqual(expected);
  });

  it('of a default that several images inherit are told once', () => {
    expect(placesOf(problemsOf('tags: [a b]\nimages: { a: {}, b: {}, c: {} }'))).toEqual([
      'recipe/bad-tag 1:8',
    ]);
  });

  it('all have a place and a cure', () => {
    const text =
      'a: 1\ntags: 5\nlayers: [5, {}, { copy: ../x, mode: 7 }, { link: a }]\ncreated: x\nfrom: A\n';
    const problems = problemsOf(text);
    expect(problems).toHaveLength(9);
    expect(problems.filter(({ place, help }) => place === undefined || help === undefined)).toEqual([]);
  });

  it('escape what could act on a terminal', () => {
    const [problem] = problemsOf('"\\x1b[2J\\u202e": 1');
    expect(problem?.message).toBe('unknown key `\\x1b[2J\\u202e`');
  });

  it('name the circle', () => {
    const [problem] = problemsOf('images: { a: { from: image:b }, b: { from: image:a } }');
    expect(problem?.message).toBe('images build on one another in a circle: `a` → `b` → `a`');
  });

  it('point into an alias’s own value', () => {
    expect(placesOf(problemsOf('x-c: &c\n  - copy: ../a\nlayers: *c\n'))).toEqual([
      'recipe/outside-context 2:11',
    ]);
  });
});
