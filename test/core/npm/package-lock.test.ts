import { describe, expect, it } from 'vitest';
import { parsePackageLock } from '../../../src/core/npm/package-lock.ts';
import { lockOf } from './sample-lock.ts';

describe('a lock of npm', () => {
  it('names a package by its folder, and an alias by its own name', () => {
    const { packages } = lockOf({
      'node_modules/@a/b': { version: '1.0.0' },
      'node_modules/c/node_modules/d': { name: 'e', version: '2.0.0' },
    });
    expect([...packages.values()].map(({ name }) => name)).toEqual(['', '@a/b', 'e']);
  });

  it.each([
    ['{', 'npm/bad-lock'],
    ['[]', 'npm/bad-lock'],
    ['{"lockfileVersion":1,"dependencies":{}}', 'npm/old-lock'],
    ['{"packages":{"node_modules/a":1}}', 'npm/bad-lock'],
    ['{"packages":{"node_modules/../../a":{}}}', 'npm/bad-lock'],
    ['{"packages":{"/etc":{}}}', 'npm/bad-lock'],
    ['{"packages":{"node_modules\\\\a":{}}}', 'npm/bad-lock'],
    ['{"packages":{"..":{}}}', 'npm/bad-lock'],
  ])('is refused: %s', (text, code) => {
    expect(parsePackageLock(text, 'package-lock.json')).toMatchObject({ ok: false, problem: { code } });
  });

  it('may name a folder beside the project, and a package called __proto__', () => {
    const { packages } = lockOf(
      JSON.parse('{"../lib":{},"node_modules/__proto__":{"version":"1.0.0"}}') as never,
    );
    expect([...packages.keys()]).toEqual(['', '../lib', 'node_modules/__proto__']);
  });
});
