import { describe, expect, it } from 'vitest';
import { formatPlatform, type Platform } from '../../../src/core/oci/platform.ts';
import type { Target } from '../../../src/core/recipe/recipe.ts';
import { expand, expansionProblems, targetsOf } from './read-recipe.ts';

const amd64: Platform = { os: 'linux', architecture: 'amd64' };
const arm64: Platform = { os: 'linux', architecture: 'arm64' };

function named(targets: readonly Target[]): string[] {
  return targets.map(({ image, platform }) => `${image.name} ${formatPlatform(platform)}`);
}

describe('arguments', () => {
  const text = 'args: { V: { env: APP_V, default: "1" } }\ntags: ["v${{ args.V }}"]\n';

  it('come from the command line, else the environment, else the default', () => {
    const tag = (expansion = {}) => targetsOf(text, expansion)[0]?.image.tags[0];
    expect(tag({ args: { V: '3' }, env: { APP_V: '2' } })).toBe('v3');
    expect(tag({ env: { APP_V: '2' } })).toBe('v2');
    expect(tag({ env: { V: '2' } })).toBe('v1');
  });

  it('without a value are an error where they are declared', () => {
    expect(expansionProblems('from: a\nargs:\n  V: {}\n  W: { env: W }\n')).toEqual([
      'recipe/missing-argument 3:3',
      'recipe/missing-argument 4:3',
    ]);
  });

  it('that are not declared are an error with a suggestion', () => {
    const outcome = expand('args: { VERSION: { default: "1" } }', { args: { VERSON: '2' } });
    expect(outcome.ok ? [] : outcome.diagnostics).toMatchObject([
      { code: 'recipe/undeclared-argument', help: 'did you mean `VERSION`?' },
    ]);
  });

  it('called like members of every object are no arguments', () => {
    expect(expansionProblems('{}', { args: { toString: 'x' } })).toEqual(['recipe/undeclared-argument']);
    expect(expansionProblems('args: { A: { env: toString } }')).toEqual(['recipe/missing-argument 1:9']);
  });
});

describe('substitutions', () => {
  it('are done in every text', () => {
    const [target] = targetsOf(
      `
args: { X: { default: x } }
image: ghcr.io/a/\${{ args.X }}
tags: ["\${{args.X}}"]
from: node:\${{ args.X }}
user: "\${{ args.X }}"
workdir: /\${{ args.X }}
env: { A: "\${{ args.X }}\${HOME}" }
ports: ["80\${{ platform.variant }}"]
volumes: ["/\${{ args.X }}"]
labels: { a: "\${{ args.X }}" }
annotations: { a: "\${{ platform.os }}/\${{ platform.arch }}" }
entrypoint: ["\${{ args.X }}"]
cmd: ["\${{ image.name }}"]
stopSignal: "SIG\${{ args.SIG }}"
layers:
  - { copy: "src/\${{ args.X }}", to: "\${{ args.X }}/", name: "\${{ args.X }}", exclude: ["\${{ args.X }}"] }
  - { file: "\${{ args.X }}", content: "\${{ args.X }} and $\${{ args.X }}" }
  - { link: a, target: "\${{ args.X }}" }
  - { remove: "\${{ args.X }}" }
  - { archive: "\${{ args.X }}.tar" }
  - { image: "b:\${{ args.X }}", from: "/\${{ args.X }}" }
outputs: ["oci:out/\${{ image.name }}"]
runtime: { hostname: "\${{ args.X }}", capabilities: { add: ["\${{ args.CAP }}"] } }
`.replace('args: {', 'args: { SIG: { default: TERM }, CAP: { default: CHOWN },'),
    );
    expect(target?.image).toMatchObject({
      reference: 'ghcr.io/a/x',
      tags: ['x'],
      from: 'node:x',
      user: 'x',
      workdir: '/x',
      env: { A: 'x${HOME}' },
      ports: ['80'],
      volumes: ['/x'],
      labels: { a: 'x' },
      annotations: { a: 'linux/amd64' },
      entrypoint: ['x'],
      cmd: ['image'],
      stopSignal: 'SIGTERM',
      layers: [
        { source: 'src/x', to: 'x/', name: 'x', exclude: ['x'] },
        { path: 'x', content: 'x and ${{ args.X }}' },
        { target: 'x' },
        { paths: ['x'] },
        { source: 'x.tar' },
        { reference: 'b:x', from: ['/x'] },
      ],
      outputs: ['oci:out/image'],
      runtime: { hostname: 'x', capabilities: { add: ['CHOWN'] } },
    });
  });

  it('are done once: a value is not looked at again', () => {
    const text = 'args: { A: {}, B: { default: secret } }\nlabels: { a: "${{ args.A }}" }\n';
    const [target] = targetsOf(text, { args: { A: '${{ args.B }}' } });
    expect(target?.image.labels).toEqual({ a: '${{ args.B }}' });
  });

  it.each([
    ['tags: ["${{ args.X }}"]', 'a b', ['recipe/bad-tag 2:8']],
    ['from: "${{ args.X }}"', 'NODE', ['recipe/bad-reference 2:7']],
    ['from: "oci:${{ args.X }}"', '../base', ['recipe/outside-context 2:7']],
    ['layers: [{ copy: "${{ args.X }}" }]', '../etc', ['recipe/outside-context 2:18']],
    ['layers: [{ copy: a, to: "${{ args.X }}" }]', '/../x', ['recipe/path-outside-image 2:25']],
    ['layers: [{ dir: "${{ args.X }}" }]', '/proc/1', ['recipe/reserved-path 2:17']],
    ['layers: [{ archive: "${{ args.X }}" }]', 'https://x/a b.tar', ['recipe/bad-url 2:21']],
    ['env: { A: "${{ args.X }}" }', 'a\0b', ['recipe/control-character 2:11']],
    ['image: "a:${{ args.X }}"\ntags: [b]', 'c', ['recipe/bad-tag 2:8']],
    ['outputs: [oci:a, "oci:${{ args.X }}"]', 'a', ['recipe/colliding-outputs 2:18']],
    ['images: { a: { from: "image:${{ args.X }}" }, b: {} }', 'c', ['recipe/unknown-image 2:22']],
    ['images: { a: { from: "image:${{ args.X }}" }, b: {} }', 'a', ['recipe/cycle 2:22']],
    ['runtime: { capabilities: { add: ["${{ args.X }}"] } }', 'NOPE', ['recipe/bad-value 2:34']],
  ])('that break a value are found at its place: %s with %j', (line, value, expected) => {
    expect(expansionProblems(`args: { X: {} }\n${line}\n`, { args: { X: value } })).toEqual(expected);
  });

  it('that differ by platform are told once for what is wrong with all', () => {
    const text =
      'args: { X: { default: "a b" } }\ntags: ["${{ args.X }}"]\nplatforms: [linux/amd64, linux/arm64]\n';
    expect(expansionProblems(text)).toEqual(['recipe/bad-tag 2:8']);
  });
});

describe('platforms', () => {
  const text = `
platforms: [linux/amd64, linux/arm64]
layers:
  - { copy: "\${{ platform.arch }}" }
  - { copy: b, platforms: [linux/arm64/v8] }
  - { group: [{ copy: c, platforms: [linux/amd64] }] }
`;

  it('are the recipe’s, in their order, each with its own layers', () => {
    const targets = targetsOf(text);
    expect(named(targets)).toEqual(['image linux/amd64', 'image linux/arm64']);
    expect(targets.map(({ image }) => image.layers.map(({ at }) => at))).toEqual([
      ['/layers/0', '/layers/2'],
      ['/layers/0', '/layers/1'],
    ]);
    expect(targets.map(({ image }) => image.layers[0])).toMatchObject([
      { source: 'amd64' },
      { source: 'arm64' },
    ]);
  });

  it('are those that were asked for instead', () => {
    const targets = targetsOf(text, { platforms: [arm64] });
    expect(named(targets)).toEqual(['image linux/arm64']);
    expect(targets[0]?.image.platforms).toEqual([arm64]);
    expect(named(targetsOf('{}', { platforms: [arm64] }))).toEqual(['image linux/arm64']);
    expect(named(targetsOf(text, { platforms: 'all' }))).toHaveLength(2);
  });
});

describe('images', () => {
  const text = `
images:
  top: { from: image:middle }
  other: {}
  middle: { from: image:base, platforms: [linux/amd64, linux/arm64] }
  base: { platforms: [linux/arm64, linux/amd64] }
`;

  it('stand after those that they build on', () => {
    expect(named(targetsOf(text))).toEqual([
      'base linux/arm64',
      'base linux/amd64',
      'middle linux/amd64',
      'middle linux/arm64',
      'top linux/amd64',
      'other linux/amd64',
    ]);
  });

  it('that are asked for bring those below, for their own platforms only', () => {
    expect(named(targetsOf(text, { names: ['top'] }))).toEqual([
      'base linux/amd64',
      'middle linux/amd64',
      'top linux/amd64',
    ]);
    expect(named(targetsOf(text, { names: ['other'] }))).toEqual(['other linux/amd64']);
    expect(named(targetsOf(text, { names: [] }))).toHaveLength(6);
  });

  it('that are not there are an error with a suggestion', () => {
    const outcome = expand(text, { names: ['midle', 'base'] });
    expect(outcome.ok ? [] : outcome.diagnostics).toMatchObject([
      {
        code: 'recipe/unknown-image',
        message: 'the recipe has no image `midle`',
        help: 'did you mean `middle`?',
      },
    ]);
  });

  it('that would get one name are an error, unless only one of them is made', () => {
    const same = 'image: a\nimages: { x: {}, y: {}, z: { tags: [z] } }\n';
    expect(expansionProblems(same)).toEqual(['recipe/same-reference 2:21']);
    expect(named(targetsOf(same, { names: ['y', 'z'] }))).toHaveLength(2);
  });

  it('may share a layout under different tags, and outputs by their names', () => {
    const shared = 'images: { x: { outputs: ["oci:out:x"] }, y: { outputs: ["oci:out:y"] } }';
    expect(named(targetsOf(shared))).toHaveLength(2);
    expect(named(targetsOf('outputs: ["bundle:${{ image.name }}"]\nimages: { x: {}, y: {} }'))).toHaveLength(
      2,
    );
  });

  it('of several platforms may write each to its own output', () => {
    const text = 'platforms: [linux/amd64, linux/arm64]\noutputs: ["oci:out/${{ platform.arch }}"]\n';
    expect(targetsOf(text).map(({ image }) => image.outputs)).toEqual([['oci:out/amd64'], ['oci:out/arm64']]);
  });

  it('of a recipe as it stands in the design expand to four targets', () => {
    expect(targetsOf('platforms: [linux/amd64, linux/arm64]\nimages: { api: {}, debug: {} }')).toHaveLength(
      4,
    );
    expect(targetsOf('{}').map(({ platform }) => platform)).toEqual([amd64]);
  });
});
