/** The command on a terminal: what is redrawn, what stays, and Ctrl-C. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { makeProject, type Project } from '../rigs/project.ts';
import { hasTerminal, runInTerminal } from '../rigs/terminal.ts';

const recipe = `
image: registry.example/acme/api:1.4.0
layers:
  - copy: dist
  - name: settings
    file: /etc/api.conf
    content: "port=8080"
`;

let project: Project;
function start(): void {
  project = makeProject(recipe, { 'dist/server': 'one', 'dist/routes': 'two' });
}
afterEach(() => {
  project.remove();
});

const sequences = /\u001b\[[?\d;]*[A-Za-z]/g;
const plain = (text: string): string => text.replace(sequences, '').replaceAll('\r\n', '\n');

describe.skipIf(!hasTerminal)('on a terminal (needs script(1))', () => {
  test('a build ends as the design shows it: what was made, why, how large, and the result last', async () => {
    start();
    project.succeed('build', '-q');
    project.write('dist/routes', 'changed');
    const { status, text } = await runInTerminal(['build', '-o', 'oci:out'], project.options);
    const lines = plain(text)
      .trimEnd()
      .split('\n')
      .filter((line) => !/^ {2}(?:…|\d+ of \d+ done)/.test(line));
    expect(status).toBe(0);
    expect(lines.slice(0, 2).sort()).toEqual([
      expect.stringMatching(/^ {2}✓ copy dist +\d+ B {2}<?0\.\d s +1 file changed: routes$/),
      expect.stringMatching(/^ {2}✓ settings +\d+ B {2}cached$/),
    ]);
    expect(lines.slice(2)).toEqual([
      expect.stringMatching(/^ {2}api {2}linux\/amd64 {2}sha256:[0-9a-f]{12}… {2}\d+ B \(\d+ B new\)$/),
      expect.stringMatching(/^ {2}oci:out {2}wrote 4 blobs \(\d\.\d kB\) · <?0\.\d s$/),
      expect.stringMatching(/^registry\.example\/acme\/api:1\.4\.0@sha256:[0-9a-f]{64}$/),
    ]);
  });

  test('the second build says that nothing is to do', async () => {
    start();
    project.succeed('build', '-q');
    const { text } = await runInTerminal(['build'], project.options);
    expect(plain(text)).toMatch(/^ {2}nothing to do: all 3 cached\n {2}api .*\nregistry\.example\S+\n$/);
  });

  test('colours come with a terminal and go with NO_COLOR and --color never', async () => {
    start();
    const colored = /\u001b\[[\d;]+m/;
    expect((await runInTerminal(['build'], project.options)).text).toMatch(colored);
    expect((await runInTerminal(['buld'], project.options)).text).toMatch(colored);
    const env = { NO_COLOR: '1' };
    for (const args of [['build', '--no-cache'], ['buld']])
      expect((await runInTerminal(args, { ...project.options, env })).text).not.toMatch(colored);
    const never = ['build', '--no-cache', '--color', 'never'];
    expect((await runInTerminal(never, project.options)).text).not.toMatch(colored);
  });

  test.each([10, 20, 0])('what is redrawn fits into %i columns', async (columns) => {
    start();
    const { status, text } = await runInTerminal(['build', '--no-cache'], { ...project.options, columns });
    expect(status).toBe(0);
    const redrawn = plain(text)
      .split('\n')
      .filter((line) => line.startsWith('  …'));
    for (const line of redrawn) expect(line.length).toBeLessThan(columns === 0 ? 80 : columns);
  });

  test('Ctrl-C ends with 130, clears what was under way and leaves nothing behind', async () => {
    start();
    project.write('dist/large', Buffer.alloc(60_000_000, 'layerwright is building'));
    const { status, text } = await runInTerminal(['build', '-o', 'oci:out'], {
      ...project.options,
      keys: [{ after: '… copy dist', type: '\u0003' }],
    });
    expect(status).toBe(130);
    expect(text).toMatch(/\u001b\[\dA\u001b\[0J$/);
    expect(text).not.toContain('✗');
    expect(text.split('\u001b[?7l')).toHaveLength(text.split('\u001b[?7h').length);
    expect(readdirSync(project.folder)).toEqual(['dist', 'oci.config.yaml']);
    expect(readdirSync(join(project.options.cache, 'store/tmp'))).toEqual([]);
    project.succeed('build', '-q');
  });

  test('Ctrl-C twice ends at once, and the next build works', async () => {
    start();
    project.write('dist/large', Buffer.alloc(60_000_000, 'layerwright is building'));
    const keys = [{ after: '… copy dist', type: '\u0003\u0003' }];
    const { status } = await runInTerminal(['build'], { ...project.options, keys });
    expect(status).toBe(130);
    project.succeed('build', '-q');
  });
});
