/** `format: docker`: manifests, configs and lists of v2 schema 2, over the very layers of an OCI image. */
import { afterEach, describe, expect, test } from 'vitest';
import { makeProject, type Project } from '../rigs/project.ts';

const recipe = `
image: registry.example/acme/api
annotations: { org.example.team: web }
healthcheck: { test: [CMD, /health] }
layers:
  - copy: dist
  - copy: plain
    compression: none
images:
  oci: { tags: [oci], outputs: ["oci:oci"] }
  docker: { tags: [docker], format: docker, outputs: ["oci:docker"] }
  family: { tags: [family], format: docker, platforms: [linux/amd64, linux/arm64], outputs: ["oci:family"] }
`;

interface Described {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}
interface Document extends Described {
  readonly annotations?: object;
  readonly config: Described;
  readonly layers: readonly Described[];
  readonly manifests: readonly Described[];
}

let project: Project;
afterEach(() => {
  project.remove();
});

function build() {
  project = makeProject(recipe, { 'dist/server': 'one', 'plain/file': 'two' });
  return project.run('build');
}

const raw = (reference: string, ...flags: readonly string[]) =>
  JSON.parse(project.succeed('inspect', '--raw', reference, ...flags)) as Document;

const docker = 'application/vnd.docker';

describe('an image in Docker’s format', () => {
  test('has its media types, and the blobs of the OCI image', () => {
    build();
    const [ours, dockers] = [raw('oci:oci'), raw('oci:docker')];
    expect(dockers).toMatchObject({
      mediaType: `${docker}.distribution.manifest.v2+json`,
      config: { ...ours.config, mediaType: `${docker}.container.image.v1+json` },
      layers: [
        { ...ours.layers[0], mediaType: `${docker}.image.rootfs.diff.tar.gzip` },
        { ...ours.layers[1], mediaType: `${docker}.image.rootfs.diff.tar` },
      ],
    });
    expect([ours.annotations, dockers.annotations]).toEqual([{ 'org.example.team': 'web' }, undefined]);
  });

  test('of several platforms is a manifest list', () => {
    build();
    const list = raw('oci:family');
    expect(list).toMatchObject({
      mediaType: `${docker}.distribution.manifest.list.v2+json`,
      manifests: [
        { mediaType: `${docker}.distribution.manifest.v2+json`, platform: { architecture: 'amd64' } },
        { mediaType: `${docker}.distribution.manifest.v2+json`, platform: { architecture: 'arm64' } },
      ],
    });
    expect(list.annotations).toBeUndefined();
    expect(raw('oci:family', '--platform', 'linux/amd64')).toEqual(raw('oci:docker'));
  });

  test('warns of annotations, and has no reason to warn of a healthcheck', () => {
    const { status, stderr } = build();
    expect(status).toBe(0);
    expect(stderr.match(/plan\/annotations-left-out/g)).toHaveLength(1);
    expect(stderr.match(/plan\/healthcheck-is-dockers/g)).toHaveLength(1);
  });

  test('makes no layer again, and an image of its own', () => {
    build();
    const plan = project.succeed('plan', '--json');
    const { actions } = (JSON.parse(plan) as { plan: { actions: { key: string; kind: string }[] } }).plan;
    const ofKind = (kind: string) => actions.filter((action) => action.kind === kind);
    expect(ofKind('layer')).toHaveLength(2);
    expect(new Set(ofKind('image').map(({ key }) => key)).size).toBe(3);
  });

  test('is read as a base, and its layers are the image spec’s again', () => {
    build();
    project.write('oci.config.yaml', 'from: oci:docker\nlayers: [{ dir: /more }]\noutputs: ["oci:again"]\n');
    project.succeed('build', '-q');
    const again = raw('oci:again');
    const own = raw('oci:oci');
    expect(again.layers.slice(0, 2)).toEqual(own.layers);
    project.write(
      'oci.config.yaml',
      'from: oci:oci\nformat: docker\nlayers: [{ dir: /more }]\noutputs: ["oci:d"]\n',
    );
    project.succeed('build', '-q');
    expect(raw('oci:d').layers.slice(0, 2)).toEqual(raw('oci:docker').layers);
  });

  test('goes through a docker-archive and back with its digest', () => {
    build();
    const digest = /@(sha256:\S+)/.exec(
      project.succeed('copy', '-q', 'oci:docker', 'docker-archive:d.tar'),
    )?.[1];
    expect(project.succeed('copy', '-q', 'docker-archive:d.tar', 'oci:back')).toBe(
      `oci:back@${digest ?? ''}\n`,
    );
    expect(project.succeed('inspect', 'oci:back')).toContain(`${docker}.distribution.manifest.v2+json`);
  });
});
