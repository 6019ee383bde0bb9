/**
 * `verify --rebuild`: an image is what its recipe gives, and each of the differences that somebody could have planted,
 * with every digest made right again, is named by the field it is in. What is printed stands in golden-verify/.
 */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packOurs, plant, type Plant } from '../rigs/planted-image.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { rawTar } from '../rigs/raw-tar.ts';
import { changeMember, changeMembers, setNumber, type TarPiece } from '../rigs/tar-surgery.ts';

const recipe = `
image: registry.example/acme/api:1.0
outputs: ["oci:out"]
workdir: /app
env: { MODE: production, LEVEL: info }
labels: { team: web }
layers:
  - group:
      - copy: dist
        to: dist
      - link: current
        target: dist
  - file: /etc/motd
    content: hello
cmd: [node, dist/server.js]
`;

/** Enough of it that levels and encoders give different bytes. */
const words = Array.from({ length: 4000 }, (_, at) => `line ${String((at * 7919) % 1009)} of ${String(at)}`);

let project: Project;
beforeAll(() => {
  project = makeProject(recipe, { 'dist/server.js': words.join('\n'), 'dist/lib.js': 'exports' });
  project.succeed('build', '-q');
});
afterAll(() => {
  project.remove();
});

const server = 'app/dist/server.js';

function header(name: string, change: (bytes: Buffer) => void): Plant {
  return { tar: (tar) => changeMember(tar, name, change) };
}

const plants: Readonly<Record<string, Plant>> = {
  'one byte': header(server, (bytes) => bytes.writeUInt8(0x58, 512 + 1234)),
  mode: header(server, (bytes) => {
    setNumber(bytes, 100, 0o755);
  }),
  owner: header(server, (bytes) => {
    setNumber(bytes, 108, 1000);
  }),
  group: header(server, (bytes) => {
    setNumber(bytes, 116, 1000);
  }),
  mtime: header(server, (bytes) => {
    setNumber(bytes, 136, Date.UTC(2026, 0, 3) / 1000);
  }),
  'order of entries': {
    tar: (tar) =>
      changeMembers(tar, (pieces) => {
        const isFolder = ({ name }: TarPiece): boolean => name.endsWith('/');
        const others = pieces.filter((piece) => !isFolder(piece));
        return [...pieces.filter(isFolder), ...others.reverse()];
      }),
  },
  'PAX record': {
    tar: (tar) =>
      changeMembers(tar, (pieces) =>
        pieces.map((piece) => {
          if (piece.name !== server) return piece;
          const extended = rawTar([{ name: 'x', pax: { atime: '1767398400.5' } }]).subarray(0, 1024);
          return { ...piece, bytes: Buffer.concat([extended, piece.bytes]) };
        }),
      ),
  },
  'extra file': {
    tar: (tar) =>
      changeMembers(tar, (pieces) => {
        const bytes = rawTar([{ name: 'app/dist/z.js', content: 'more' }]).subarray(0, 1024);
        return [...pieces, { name: 'app/dist/z.js', bytes }];
      }),
  },
  'missing file': {
    tar: (tar) => changeMembers(tar, (pieces) => pieces.filter(({ name }) => name !== 'app/dist/lib.js')),
  },
  'symlink target': header('app/current', (bytes) => bytes.write('/tmp\0', 157, 'latin1')),
  'env order': { config: ({ config }) => void config.Env.reverse() },
  label: { config: ({ config }) => void (config.Labels['team'] = 'ops') },
  history: { config: ({ history }) => void (history[1] = { ...history[1], created_by: 'by hand' }) },
  'compression level': { pack: (tar) => packOurs(tar, 9) },
  encoder: { pack: (tar) => gzipSync(tar) },
};

test('an image is what its recipe gives', () => {
  const lines = project.succeed('verify', '--rebuild', 'oci:out', '-q').trim().split('\n');
  expect(lines.map((line) => line.split(/ +/)[0])).toEqual(['sound', 'checked', 'rebuilt']);
  expect(lines.at(-1)).toMatch(/^rebuilt {2}the same: sha256:[0-9a-f]{64}$/);
});

test('of a rebuild for another platform the platform is named, and not the digests that follow', () => {
  const { status, stderr } = project.run('verify', '--rebuild', '-q', '--platform', 'linux/arm64', 'oci:out');
  expect([status, stderr]).toEqual([
    4,
    expect.stringMatching(/^error\[verify\/rebuild-differs\] config: architecture `?arm64`? ≠ `?amd64`?\n/),
  ]);
});

test.each(Object.entries(plants))('%s is named', async (name, change) => {
  const planted = `planted-${name.replaceAll(' ', '-')}`;
  await plant(join(project.folder, 'out'), join(project.folder, planted), change);
  expect(project.succeed('verify', `oci:${planted}`, '-q')).toContain('sound ');
  const { status, stderr } = project.run('verify', '--rebuild', `oci:${planted}`, '-q');
  expect(status).toBe(4);
  await expect(stderr).toMatchFileSnapshot(`golden-verify/${name.replaceAll(' ', '-')}.txt`);
});
