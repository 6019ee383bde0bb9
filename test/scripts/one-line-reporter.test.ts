/** A test run ends in one plain line of counts, whatever happened in it. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const passing = "import { test } from 'vitest';\ntest('passes', () => {});\n";

test('counts what passed, failed and was skipped, and says why it was skipped', async () => {
  const { lines, status } = await runTests({
    'mixed.test.ts': `
      import { describe, expect, test } from 'vitest';
      test('passes', () => {});
      test('fails', () => expect(1).toBe(2));
      describe.skipIf(true)('with a tool (needs the tool)', () => { test('one', () => {}); });
      test('skips itself', ({ skip }) => skip('no tool here'));`,
  });
  expect(lines.slice(-3)).toEqual([
    'skipped: mixed.test.ts > with a tool (needs the tool) > one',
    'skipped: mixed.test.ts > skips itself (no tool here)',
    '1 passed, 1 failed, 2 skipped',
  ]);
  expect(status).toBe(1);
});

test('ends with 0 where all that ran passed', async () => {
  const { lines, status } = await runTests({ 'good.test.ts': passing });
  expect(lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped');
  expect(status).toBe(0);
});

test('a file that cannot be loaded is a failure', async () => {
  const { lines, status } = await runTests({
    'good.test.ts': passing,
    'broken.test.ts': "import './not-there.ts';",
  });
  expect(lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped');
  expect(status).toBe(1);
});

test('an error outside any test is a failure', async () => {
  const late =
    "setTimeout(() => { throw new Error('late'); }, 0); await new Promise((done) => setTimeout(done, 20));";
  const { lines, status } = await runTests({ 'late.test.ts': `${passing}${late}` });
  expect(lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped');
  expect(status).toBe(1);
});

test.each([
  ['no file', {}],
  [
    'only skipped tests',
    { 'skipped.test.ts': "import { test } from 'vitest';\ntest.skip('one', () => {});" },
  ],
])('a run in which nothing passed is a failure: %s', async (_, files) => {
  const { lines, status } = await runTests(files);
  expect(lines.at(-1)).toMatch(/^0 passed, 0 failed, [01] skipped$/);
  expect(status).toBe(1);
});

/** Runs vitest with our reporter over these files, in a folder of their own. */
async function runTests(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'layerwright-reporter-'));
  try {
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const options = ['run', '--root', folder, `--reporter=${join(root, 'scripts/one-line-reporter.mjs')}`];
    const { stdout, status } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/vitest/vitest.mjs'), ...options],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] },
      },
    );
    return { lines: stdout.trimEnd().split('\n'), status };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
