/** `pull`: into the store, from wherever an image stands, and kept there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { makeProject, type Project } from '../rigs/project.ts';
import { scratchFolder, type ScratchFolder } from '../rigs/scratch-folder.ts';
import { succeed } from '../rigs/command.ts';

const recipe = `
image: registry.example/acme/api:1.4.0
platforms: [linux/amd64, linux/arm64]
outputs: ["oci:out"]
layers:
  - file: /etc/arch
    content: \${{ platform.arch }}
`;

let project: Project;
let elsewhere: ScratchFolder;
afterEach(() => {
  project.remove();
  elsewhere.remove();
});

/** A layout `out` built by somebody else, its digest, and a command with an empty store. */
function build() {
  project = makeProject(recipe);
  elsewhere = scratchFolder('pull');
  const printed = project.succeed('build', '-q');
  const digest = /sha256:[0-9a-f]{64}/.exec(printed)?.[0] ?? '';
  const options = { ...project.options, cache: elsewhere.path };
  const layerwright = (...args: readonly string[]) => succeed([...args, '-q'], options);
  return { digest, layerwright };
}

describe('pull', () => {
  test('brings the whole image into the store, where its digest names it', () => {
    const { digest, layerwright } = build();
    expect(layerwright('pull', 'oci:out')).toBe(`oci:out@${digest}\n`);
    expect(layerwright('copy', `store:${digest}`, 'oci:back')).toBe(`oci:back@${digest}\n`);
    const index = readFileSync(join(elsewhere.path, 'store/index.json'), 'utf8');
    expect(JSON.parse(index)).toMatchObject({ manifests: [{ digest }] });
  });

  test('is kept from garbage collection as long as what a build made', () => {
    const { digest, layerwright } = build();
    layerwright('pull', 'oci:out');
    layerwright('cache', 'gc');
    expect(layerwright('inspect', `store:${digest}`)).toContain(digest);
    expect(layerwright('cache', 'ls')).toMatch(/^pull\s.*7 blobs\n$/);
    layerwright('cache', 'gc', '--keep-days', '0');
    expect(readFileSync(join(elsewhere.path, 'store/index.json'), 'utf8')).toContain('"manifests":[');
  });

  test('takes one platform, or several with an index of their own', () => {
    const { digest, layerwright } = build();
    const arm64 = layerwright('pull', '--platform', 'linux/arm64', 'oci:out').trim().split('@')[1] ?? '';
    expect(arm64).not.toBe(digest);
    expect(layerwright('inspect', `store:${arm64}`)).toContain('platform    linux/arm64');
    expect(JSON.parse(layerwright('pull', '--json', '--platform', 'all', 'oci:out'))).toEqual({
      reference: 'oci:out',
      digest,
      mediaType: 'application/vnd.oci.image.index.v1+json',
    });
  });

  test('with a destination is a copy', () => {
    const { digest, layerwright } = build();
    expect(layerwright('pull', 'oci:out', 'oci-archive:a.tar')).toBe(`oci-archive:a.tar@${digest}\n`);
  });
});
