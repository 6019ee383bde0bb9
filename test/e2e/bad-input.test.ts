/**
 * Each bad input of the design gets its own diagnostic and exit code, in less than a second or so, and leaves no output
 * and no result behind (safety.md, Recipe and context).
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { makeProject, type Project } from '../rigs/project.ts';
import { hasProgram } from '../rigs/runtimes.ts';

let project: Project;
afterEach(() => {
  project.remove();
});

const layers = (...items: string[]): string =>
  `outputs: ["oci:out/app"]\nlayers:\n${items.map((item) => `  - ${item}\n`).join('')}`;
const copy = layers('copy: dist');

interface Bad {
  readonly what: string;
  readonly recipe: string;
  readonly code: string;
  readonly exit: number;
  /** What stands in the message, the place or the help. */
  readonly says: string;
  readonly prepare?: (folder: string) => void;
}

const nine = 'b c d e f g h i j'.split(' ');
const bomb = `x-a: &a [z,z,z,z,z,z,z,z,z]\n${nine
  .map(
    (name, at) =>
      `x-${name}: &${name} [${Array(9)
        .fill(`*${at === 0 ? 'a' : (nine[at - 1] ?? '')}`)
        .join(',')}]`,
  )
  .join('\n')}\nlayers: []\n`;

const cases: readonly Bad[] = [
  {
    what: 'an unknown key',
    recipe: `${copy}frm: scratch\n`,
    code: 'recipe/unknown-key',
    exit: 2,
    says: 'did you mean `from`?',
  },
  {
    what: 'a wrong type',
    recipe: `${copy}env: [A]\n`,
    code: 'recipe/wrong-type',
    exit: 2,
    says: 'oci.config.yaml:4:6',
  },
  {
    what: 'a mode that is a number',
    recipe: layers('{copy: dist, mode: 0755}'),
    code: 'recipe/mode-not-text',
    exit: 2,
    says: 'mode: "0755"',
  },
  { what: 'a key twice', recipe: `${copy}layers: []\n`, code: 'recipe/duplicate-key', exit: 2, says: ':4:1' },
  { what: 'a YAML bomb', recipe: bomb, code: 'recipe/', exit: 2, says: 'oci.config.yaml:' },
  {
    what: '100,000 brackets',
    recipe: '['.repeat(100_000),
    code: 'recipe/',
    exit: 2,
    says: 'oci.config.yaml:1:',
  },
  {
    what: 'a cycle of images',
    recipe: 'images:\n  a: {from: "image:b"}\n  b: {from: "image:a"}\n',
    code: 'recipe/cycle',
    exit: 2,
    says: 'a',
  },
  {
    what: 'a source that leaves the context',
    recipe: layers('copy: ../secret'),
    code: 'recipe/outside-context',
    exit: 2,
    says: ':3:11',
  },
  {
    what: 'a destination that leaves the image',
    recipe: layers('{copy: dist, to: ../../x}'),
    code: 'recipe/',
    exit: 2,
    says: '../../x',
  },
  {
    what: 'a FIFO in the context',
    recipe: copy,
    code: 'source/special-file',
    exit: 2,
    says: 'dist/pipe',
    prepare: (folder) => spawnSync('mkfifo', [join(folder, 'dist/pipe')]),
  },
  {
    what: 'a socket in the context',
    recipe: copy,
    code: 'source/special-file',
    exit: 2,
    says: 'dist/socket',
    prepare: (folder) =>
      spawnSync(process.execPath, [
        '-e',
        'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, 9))',
        join(folder, 'dist/socket'),
      ]),
  },
  {
    what: 'a source reached through a link that leaves the context',
    recipe: layers('copy: way/passwd'),
    code: 'source/leaves-context',
    exit: 2,
    says: 'way',
    prepare: (folder) => {
      symlinkSync('/etc', join(folder, 'way'));
    },
  },
  {
    what: 'a link loop on the way to a source',
    recipe: layers('copy: loop/x'),
    code: 'source/',
    exit: 2,
    says: 'loop',
    prepare: (folder) => {
      symlinkSync('loop', join(folder, 'loop'));
    },
  },
  {
    what: 'a source that is not there',
    recipe: layers('copy: dits'),
    code: 'source/missing',
    exit: 2,
    says: 'dist',
  },
  {
    what: 'two sources of one layer at one path',
    recipe: layers('group: [{copy: dist}, {file: server, content: x}]'),
    code: 'plan/path-claimed-twice',
    exit: 2,
    says: '/server',
  },
  { what: 'an image without layers', recipe: 'layers: []\n', code: 'plan/no-layers', exit: 2, says: 'image' },
  {
    what: 'a base that is not there',
    recipe: `from: oci:nowhere\n${copy}`,
    code: 'transport/not-found',
    exit: 2,
    says: 'nowhere',
  },
  {
    what: 'control characters in a reference',
    recipe: `image: "a\\e[31mb"\n${copy}`,
    code: 'recipe/',
    exit: 2,
    says: 'oci.config.yaml:1:8',
  },
  {
    what: 'a reference of 100 kB',
    recipe: `image: ${'a/'.repeat(50_000)}b\n${copy}`,
    code: 'recipe/',
    exit: 2,
    says: 'oci.config.yaml:1:8',
  },
  {
    what: 'a custom tag',
    recipe: `${copy}env: {A: !!js/function x}\n`,
    code: 'recipe/',
    exit: 2,
    says: ':4:',
  },
  {
    what: 'an output that exists and is not ours',
    recipe: copy,
    code: 'transport/not-ours',
    exit: 7,
    says: 'out/app',
    prepare: (folder) => {
      mkdirSync(join(folder, 'out/app'), { recursive: true });
      writeFileSync(join(folder, 'out/app/theirs'), 'x');
    },
  },
];

describe('bad input', () => {
  test.each(cases)('$what', ({ recipe, code, exit, says, prepare }) => {
    project = makeProject(recipe, { 'dist/server': 'one' });
    prepare?.(project.folder);
    const before = listing(project.folder);
    const { status, stdout, stderr } = project.run('build', '-q');
    expect(stderr).toContain(`error[${code}`);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/^ {4}at |\u001b/m);
    expect([status, stdout]).toEqual([exit, '']);
    expect(listing(project.folder)).toEqual(before);
  });

  test('a file that changes while it is read', async () => {
    project = makeProject(copy, { 'dist/server': 'one' });
    const plan = project.succeed('plan', '--out', 'plan.json', '-q');
    expect(plan).toContain('will build');
    project.write('dist/server', 'two');
    const { status, stderr } = project.run('build', '--plan', 'plan.json', '-q');
    expect(stderr).toContain('dist/server');
    expect(status).toBe(1);
    expect(existsSync(join(project.folder, 'out'))).toBe(false);
  });

  const isRoot = process.getuid?.() === 0;
  test.skipIf(!isRoot)('a file that the user may not read (needs root, to become another user)', () => {
    project = makeProject(copy, { 'dist/server': 'one' });
    chmodSync(join(project.folder, 'dist/server'), 0);
    const { status, stderr } = asNobody(project, 'build');
    expect(stderr).toContain('error[source/unreadable]');
    expect(stderr).toContain('dist/server');
    expect(status).toBe(7);
  });

  test.skipIf(!isRoot || !hasProgram('mount'))('a full disk (needs root and mount)', () => {
    project = makeProject(copy, {});
    project.write('dist/noise', randomBytes(3_000_000));
    mkdirSync(project.options.cache);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', project.options.cache]).status).toBe(
      0,
    );
    try {
      const { status, stderr } = project.run('build', '-q');
      expect(stderr).toContain('error[store/full]');
      expect(status).toBe(7);
      expect(existsSync(join(project.folder, 'out'))).toBe(false);
    } finally {
      spawnSync('umount', [project.options.cache]);
    }
  });
});

function asNobody(
  { folder, options }: Project,
  ...args: string[]
): { status: number | null; stderr: string } {
  for (const name of [join(folder, '..'), folder]) chmodSync(name, 0o777);
  const command = join(import.meta.dirname, '../../dist/cli.js');
  const { status, stderr } = spawnSync(
    'setpriv',
    ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, command, ...args],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: '/', LAYERWRIGHT_CACHE_DIR: options.cache },
    },
  );
  return { status, stderr };
}

function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}
