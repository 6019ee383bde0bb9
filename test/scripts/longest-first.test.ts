/** The files that take longest begin first, and the list of them has no name that is gone. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { longest, rankOf, slowFolders } from '../../scripts/longest-first.mjs';

const tests = resolve(import.meta.dirname, '..');

test('every file and every folder that it names is there', () => {
  const files = [...longest.map((name) => `${name}.test.ts`), ...slowFolders];
  expect(files.filter((name) => !existsSync(join(tests, name)))).toEqual([]);
});

test('named files come first as they are named, then slow folders, then all others', () => {
  const named = longest.map((name) => `test/${name}.test.ts`);
  const folders = slowFolders.map((name) => `test/${name}/any.test.ts`);
  const files = [...named, ...folders, 'test/core/any.test.ts'];
  expect(files.toReversed().sort((one, other) => rankOf(one) - rankOf(other))).toEqual(files);
  expect(rankOf('test/io/any.test.ts')).toBe(rankOf('test/core/any.test.ts'));
});
