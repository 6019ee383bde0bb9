/** The bench runs whole on a small tree: each row has figures or a reason, and the page is made of what it wrote. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { comparisons } from '../../bench/comparisons/all.mjs';
import type { benchReport } from '../../bench/report.mjs';
import { scratchFolder } from '../rigs/scratch-folder.ts';

type Report = ReturnType<typeof benchReport>;

const root = resolve(import.meta.dirname, '../..');
const scratch = scratchFolder('bench');
const reportFile = join(scratch.path, 'bench.json');
const env = { ...process.env, LAYERWRIGHT_BENCH_DIR: join(scratch.path, 'bench') };

afterAll(() => {
  scratch.remove();
});

describe('a run with one pair on the small tree', () => {
  let stdout = '';
  let report: Report;

  beforeAll(() => {
    const operands = ['bench/run.mjs', '--small', '--pairs', '1', '--json', reportFile];
    const run = spawnSync(process.execPath, operands, { cwd: root, encoding: 'utf8', env });
    expect(run.status, `${run.stdout}${run.stderr}`).toBe(0);
    stdout = run.stdout;
    report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  }, 600_000);

  test('has each row, or says why not', () => {
    const ids = [...report.rows, ...report.skipped].map(({ id }) => id);
    expect(ids.toSorted()).toEqual(comparisons.map(({ id }) => id).toSorted());
    expect(report.failed).toEqual([]);
  });

  test('leaves out nothing but what needs a tool that is missing', () => {
    const absent = report.tools.filter(({ version }) => version === 'not installed').map(({ name }) => name);
    const reasons = report.skipped.map(({ why }) => why);
    const known = (why: string) =>
      why.startsWith('memory is read from /proc') ||
      why === 'Debian packages are no small tree' ||
      why === 'the small tree has no lock' ||
      why
        .replace('not installed: ', '')
        .split(', ')
        .every((name) => absent.includes(name));
    expect(reasons.filter((why) => !known(why))).toEqual([]);
  });

  test('gives numbers that are in order, and says of each target whether it is met', () => {
    for (const { figures } of report.rows)
      for (const { ours, result, reach, holds } of figures) {
        expect(ours.min).toBeGreaterThan(0);
        for (const { min, median, max } of [ours, result]) {
          expect(min).toBeLessThanOrEqual(median);
          expect(median).toBeLessThanOrEqual(max);
        }
        expect(holds).toBe(reach === undefined ? undefined : result.median <= reach);
      }
  });

  test('prints a line for each figure, and one for each row that is missing', () => {
    const lines = stdout.split('\n').map((line) => line.split(/ +/)[0]);
    for (const { id, figures } of report.rows)
      expect(lines.filter((first) => first === id)).toHaveLength(figures.length);
    for (const { id, why } of report.skipped) expect(stdout).toContain(`skipped: ${id}: ${why}\n`);
  });

  test('says where it ran, on what, and with which versions', () => {
    expect(report.node).toBe(process.version);
    expect(report.machine.cores).toBeGreaterThan(0);
    expect(report.tree.files).toBeGreaterThan(2000);
    expect(report.tools.find(({ name }) => name === 'tar')?.version).toMatch(/^\d+\.\d+/);
  });

  test('becomes the measured part of docs/performance.md, whose other parts stay', () => {
    const page = join(scratch.path, 'docs/performance.md');
    mkdirSync(join(scratch.path, 'docs'));
    copyFileSync(join(root, 'docs/performance.md'), page);
    execFileSync(process.execPath, ['bench/write-docs.mjs', reportFile, page], { cwd: root });
    const text = readFileSync(page, 'utf8');
    for (const { id } of report.rows) expect(text).toContain(`| \`${id}\``);
    const handWritten = (whole: string) => [
      whole.split('<!-- bench: begin')[0],
      whole.split('bench: end -->')[1],
    ];
    expect(handWritten(text)).toEqual(handWritten(readFileSync(join(root, 'docs/performance.md'), 'utf8')));
  });
});

test('a pattern that finds no row is an error, and not an empty table', () => {
  const { status, stderr } = spawnSync(process.execPath, ['bench/run.mjs', '--rows', 'no-such-row'], {
    cwd: root,
    encoding: 'utf8',
    env,
  });
  expect(status).toBe(1);
  expect(stderr).toContain("No row's name has no-such-row in it");
});

test('docs/performance.md explains every row', () => {
  const text = readFileSync(join(root, 'docs/performance.md'), 'utf8').split('<!-- bench: begin')[0] ?? '';
  expect(comparisons.map(({ id }) => id).filter((id) => !text.includes(`\`${id}\``))).toEqual([]);
});
