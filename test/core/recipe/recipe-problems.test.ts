import { describe, expect, it } from 'vitest';
import { placesOf, problemsOf } from './read-recipe.ts';

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
      'outputs: [docker-archive:a.tar, oci-archive:b.tar]\nlayers: [{ copy: a }, { copy: b, compression: zstd }]',
      ['recipe/zstd-for-docker 1:11'],
    ],
    [
      'Docker’s zstd',
      'format: docker\nlayers: [{ copy: a, compression: zstd }]',
      ['recipe/zstd-for-docker 1:9'],
    ],
    [
      'confinements that are none',
      'runtime: { seccomp: "", apparmor: "a\\nb", idmap: { uids: ["0:1"], gids: ["1:5:9"] }, rootless: true }',
      [
        'recipe/bad-name 1:21',
        'recipe/bad-name 1:35',
        'recipe/misplaced-key 1:50',
        'recipe/bad-value 1:59',
        'recipe/bad-value 1:73',
      ],
    ],
    [
      'ids that are mapped twice, of users and so of groups',
      'runtime: { idmap: { uids: ["0:1000:9", "5:5000:9"] } }',
      ['recipe/bad-value 1:27'],
    ],
    [
      'accounts that no line of passwd holds',
      'users: { 9p: {}, app: { home: app, comment: "a:b", group: "", groups: [ok, a b], uid: -1 } }\ngroups: { "a,b": {} }',
      [
        'recipe/bad-name 1:10',
        'recipe/path-outside-image 1:31',
        'recipe/bad-value 1:45',
        'recipe/bad-name 1:59',
        'recipe/bad-name 1:76',
        'recipe/bad-value 1:87',
        'recipe/bad-name 2:11',
      ],
    ],
    [
      'what is fetched',
      [
        'layers:',
        '  - { fetch: tool, to: a }',
        '  - { fetch: "https://user:word@x/y", to: a }',
        '  - { fetch: "https://x/y" }',
        '  - { fetch: "https://x/", to: bin/ }',
        '  - { archive: "https://x/y z" }',
        '  - { group: [{ fetch: "https://x/y" }], to: bin/ }',
        '  - { group: [{ fetch: "https://x/y" }] }',
        '  - { archive: "file:///a.tar" }',
      ].join('\n'),
      [
        'recipe/bad-url 2:14',
        'recipe/bad-url 3:14',
        'recipe/missing-key 4:7',
        'recipe/bad-url 5:32',
        'recipe/bad-url 6:16',
        'recipe/missing-key 8:17',
        'recipe/bad-url 9:16',
      ],
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
      'user: "2147483648"\nlayers: [{ copy: a, owner: "a:b:c" }, { copy: a, owner: " 0" }, { copy: a, owner: "4294967295" }]',
      ['recipe/bad-owner 1:7', 'recipe/bad-owner 2:28', 'recipe/bad-owner 2:57', 'recipe/bad-owner 2:83'],
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

  it.each([
    ['layers: [{ fetch: conf/app.toml, to: a }]', 'take a file of the context with `copy: conf/app.toml`'],
    [
      'layers: [{ archive: "file:///a.tar" }]',
      'take a file of the context by its path alone, with `copy` or `archive`',
    ],
    ['layers: [{ fetch: "https://x/@scope/y#z", to: a }]', 'write it as https://HOST/PATH'],
    ['layers: [{ group: [{ copy: a, dedupe: base }] }]', 'write it beside `group`'],
    ['tags: ["${{ platform.arc }}"]', 'did you mean `platform.arch`? `$${{` is the text itself'],
  ])('say the way out: %s', (text, help) => {
    expect(problemsOf(text).map((problem) => problem.help)).toEqual([help]);
  });

  it('point into an alias’s own value', () => {
    expect(placesOf(problemsOf('x-c: &c\n  - copy: ../a\nlayers: *c\n'))).toEqual([
      'recipe/outside-context 2:11',
    ]);
  });
});
