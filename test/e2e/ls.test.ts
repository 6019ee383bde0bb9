/** `ls`: the files of an image, merged or layer by layer. */
import { afterEach, describe, expect, test } from 'vitest';
import { makeProject, type Project } from '../rigs/project.ts';
import { rawTar } from '../rigs/raw-tar.ts';

let project: Project;
afterEach(() => {
  project.remove();
});

const recipe = `
outputs: ["oci:out"]
layers:
  - file: /etc/motd
    content: "hello"
    mode: "0640"
    owner: "1000:50"
  - link: /etc/issue
    target: motd
  - dir: /tmp
    mode: "1777"
  - remove: /etc/motd
`;

function build(text = recipe): void {
  project = makeProject(text, { 'dist/server': 'one' });
}

describe('ls', () => {
  test('lists the merged files in byte order, without those that a layer takes away', () => {
    build();
    project.succeed('build', '-q');
    expect(project.succeed('ls', 'oci:out')).toBe(
      ['d0755 0:0 - /etc', 'l0777 0:0 - /etc/issue -> motd', 'd1777 0:0 - /tmp', ''].join('\n'),
    );
  });

  test('with --layers lists what each layer brings and takes away', () => {
    build();
    project.succeed('build', '-q');
    const text = project.succeed('ls', '--layers', 'oci:out');
    expect(text.match(/^sha256:[0-9a-f]{64}$/gm)).toHaveLength(4);
    expect(text).toContain('\n-0640 1000:50 5 /etc/motd\n');
    expect(text).toContain('\nx---- /etc/motd\n');
  });

  test('gives programs every field', () => {
    build();
    project.succeed('build', '-q');
    const [listing] = JSON.parse(project.succeed('ls', '--json', 'oci:out')) as { entries: unknown[] }[];
    expect(listing?.entries).toContainEqual({
      path: 'etc/issue',
      type: 'symlink',
      target: 'motd',
      mode: 0o777,
      uid: 0,
      gid: 0,
      mtime: { seconds: 0 },
    });
    const layers = JSON.parse(project.succeed('ls', '--json', '--layers', 'oci:out')) as object[];
    expect(layers.map((layer) => Object.keys(layer).sort())).toEqual(Array(4).fill(['entries', 'layer']));
  });

  test('shows names of any bytes on one line each, escaped', () => {
    build('outputs: ["oci:out"]\nlayers: [{ archive: names.tar }]\n');
    const names = ['esc\u001b[31m', 'line\nbreak', 'turn\u202e', '\u0085next', 'plain ü'];
    const entries = [
      ...names.map((name) => ({ name, content: 'x' })),
      { name: Buffer.from([0x62, 0xff]), content: 'x' },
      { name: 'link', type: '2', link: 'to\u001b[2J' },
    ];
    project.write('names.tar', rawTar(entries));
    project.succeed('build', '-q');
    const text = project.succeed('ls', 'oci:out');
    expect(text).not.toMatch(/[\u001b\u202e\u0085]/);
    expect(text.trimEnd().split('\n')).toHaveLength(7);
    for (const shown of [
      '/esc\\x1b[31m',
      '/line\\x0abreak',
      '/turn\\u202e',
      '/plain ü',
      '/b\\xff',
      '-> to\\x1b[2J',
    ])
      expect(text).toContain(shown);
  });

  test('prints a long list whole, through a pipe', () => {
    const files = Array.from({ length: 6000 }, (_one, at) => ({
      name: `a-rather-long-name-${String(at).padStart(5, '0')}`,
      content: '',
    }));
    build('outputs: ["oci:out"]\nlayers: [{ archive: names.tar }]\n');
    project.write('names.tar', rawTar(files));
    project.succeed('build', '-q');
    expect(project.succeed('ls', 'oci:out').trimEnd().split('\n')).toHaveLength(6000);
  });

  test('of a platform that is not there names those that are', () => {
    build(`platforms: [linux/amd64, linux/arm64]\n${recipe}`);
    project.succeed('build', '-q');
    const { status, stderr } = project.run('ls', '--platform', 'linux/riscv64', 'oci:out');
    expect(status).toBe(2);
    expect(stderr).toContain('error[command/no-such-platform]');
    expect(stderr).toContain('it has linux/amd64, linux/arm64');
    expect(project.run('ls', '--platform', 'linux/amd64,linux/arm64', 'oci:out').status).toBe(2);
  });
});
