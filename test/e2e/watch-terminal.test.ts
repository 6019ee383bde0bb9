/** A watch on a terminal: what its keys do, and that the terminal is left as it was. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeProject, type Project } from '../rigs/project.ts';
import { hasTerminal, runInTerminal } from '../rigs/terminal.ts';

const recipe = `image: example.com/app
layers:
  - copy: dist
  - copy: public
`;

let project: Project;
beforeEach(() => {
  project = makeProject(recipe, { 'dist/server.js': 'one', 'public/index.html': '<p>' });
  project.succeed('build', '-q');
  project.write('dist/server.js', 'two');
  project.write('dist/new.js', 'new');
});
afterEach(() => {
  project.remove();
});

const sequences = /\u001b\[[?\d;]*[A-Za-z]/g;
const plain = (text: string): string => text.replace(sequences, '').replaceAll('\r\n', '\n');

/** Of the commands that `--exec` has started: those that still run. */
function running(): number[] {
  const pids = readFileSync(join(project.folder, 'pids'), 'utf8').trim().split('\n').map(Number);
  expect(pids.length).toBeGreaterThan(0);
  return pids.filter((pid) => existsSync(`/proc/${String(pid)}`));
}

describe.skipIf(!hasTerminal)('a watch on a terminal (needs script(1))', () => {
  test.each([
    ['q', 'q', 0],
    ['Ctrl-D', '\u0004', 0],
    ['Ctrl-C', '\u0003', 130],
  ] as const)(
    'ends by %s and leaves the terminal, processes and files as they were',
    async (_key, end, code) => {
      const { status, settings } = await runInTerminal(
        ['watch', '--exec', 'echo $$ >> pids; exec sleep 1000'],
        { ...project.options, keys: [{ after: 'watching', type: end }] },
      );
      expect(status).toBe(code);
      expect(settings[1]).toBe(settings[0]);
      expect(running()).toEqual([]);
      expect(readdirSync(join(project.options.cache, 'store/tmp'))).toEqual([]);
      expect(readdirSync(project.folder).sort()).toEqual(['dist', 'oci.config.yaml', 'pids', 'public']);
    },
  );

  test('`r` builds again, and `e` explains the last build file by file, as `explain` does', async () => {
    const { status, text, settings } = await runInTerminal(['watch'], {
      ...project.options,
      keys: [
        { after: 'q quit', type: 'r' },
        { after: 'asked for', type: 'e' },
        { after: 'other action', type: 'q' },
      ],
    });
    expect(status).toBe(0);
    expect(settings[1]).toBe(settings[0]);
    expect(plain(text)).toMatch(/^\d\d:\d\d:\d\d {2}asked for {2}<?\d+\.\d s {2}sha256:[0-9a-f]{12}…$/m);
    const explained = project.succeed('explain').split('\n').slice(2).join('\n');
    expect(explained).toMatch(
      /^ {2}changed {2}dist\/server\.js +sha256:[0-9a-f]{12}… → sha256:[0-9a-f]{12}…$/m,
    );
    expect(explained).toMatch(/^ {2}added {4}dist\/new\.js$/m);
    expect(plain(text)).toContain(explained);
  });
});
