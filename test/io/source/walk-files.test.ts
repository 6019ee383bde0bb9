/** The files of remembered walks: found again by their key, and removed when nobody has used them for long. */
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOfValue } from '../../../src/core/digest/digest.ts';
import { StatRows } from '../../../src/io/source/stat-rows.ts';
import { createWalkFiles, type WalkFiles } from '../../../src/io/source/walk-files.ts';
import type { WalkRecord } from '../../../src/io/source/walk-record.ts';
import { temporaryFolder } from './sample-context.ts';

function recordOf(key: string): WalkRecord {
  const facts = { key, digest: digestOfValue(key), warnings: [] };
  return {
    facts,
    names: [],
    links: [],
    marks: new Uint8Array(0),
    folders: new StatRows(),
    rows: new StatRows(),
  };
}

function filesOf(folder: string, context: string): WalkFiles {
  return createWalkFiles({ file: join(folder, `${context}.stat`), context: `/${context}` });
}

function walksIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.walk'));
}

function keepIn(folder: string, context: string, key: string): string {
  const before = new Set(existsSync(folder) ? walksIn(folder) : []);
  const files = filesOf(folder, context);
  files.keep(recordOf(key));
  files.save();
  const [made] = walksIn(folder).filter((name) => !before.has(name));
  if (made === undefined) throw new Error(`nothing was written for ${key}`);
  return join(folder, made);
}

function lastUsed(file: string, daysAgo: number): void {
  const time = Date.now() / 1000 - daysAgo * 86_400;
  utimesSync(file, time, time);
}

describe('the files of remembered walks', () => {
  it('are found under the key and the context that they were kept for', () => {
    const folder = temporaryFolder();
    keepIn(folder, 'a', 'one');
    expect(filesOf(folder, 'a').find('one')?.facts.digest).toBe(digestOfValue('one'));
    expect(filesOf(folder, 'a').find('two')).toBeUndefined();
    expect(filesOf(folder, 'b').find('one')).toBeUndefined();
  });

  it('go when no build of any context has used them for 30 days, as soon as one keeps something new', () => {
    const folder = temporaryFolder();
    const [own, other, young] = [
      ['a', 'own'],
      ['gone', 'other'],
      ['gone', 'young'],
    ].map(([context, key]) => keepIn(folder, context ?? '', key ?? '')) as [string, string, string];
    writeFileSync(join(folder, 'other.stat'), '');
    lastUsed(join(folder, 'other.stat'), 31);
    lastUsed(own, 31);
    lastUsed(other, 31);
    lastUsed(young, 29);
    const kept = keepIn(folder, 'a', 'new');
    expect([own, other, young, kept].map((file) => existsSync(file))).toEqual([false, false, true, true]);
    expect(existsSync(join(folder, 'other.stat'))).toBe(true);
  });

  it('are marked as used by a build that only reads them', () => {
    const folder = temporaryFolder();
    const file = keepIn(folder, 'a', 'one');
    lastUsed(file, 31);
    const files = filesOf(folder, 'a');
    files.find('one');
    files.save();
    expect(Date.now() - statSync(file).mtimeMs).toBeLessThan(86_400_000);
  });
});
