/**
 * One recipe under many circumstances gives the same plan, layout and config.json: scripts/reproducibility.mjs builds
 * with the built command under another folder, home, time zone, locale, umask, user, times, jobs, store and Node.
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const script = resolve(import.meta.dirname, '../../scripts/reproducibility.mjs');
const isRoot = process.getuid?.() === 0;

test('no circumstance changes a byte', { timeout: 600_000 }, () => {
  const text = execFileSync(process.execPath, [script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = text.trim().split('\n');
  expect(lines.filter((line) => line.startsWith('same: ')).length).toBe(isRoot ? 15 : 13);
  expect(lines.at(-1)).toBe('every circumstance gave the same plan, layout and config.json');
});

test.skipIf(!isRoot)('nor does another user (only root can become one)', () => {
  const text = execFileSync(process.execPath, [script, 'first', 'ordinary user'], { encoding: 'utf8' });
  expect(text).toContain('same: ordinary user\n');
});
