import {
  closeSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import { createFolderGate, type FolderGate } from '../../../src/io/source/folder-gate.ts';
import { createContext, temporaryFolder } from './sample-context.ts';

function read(gate: FolderGate, path: string): string {
  const fd = gate.open(path as ImagePath);
  try {
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

describe('a folder gate', () => {
  it('opens files in folders of any depth', () => {
    const context = createContext({ a: '1', 'd/b': '2', 'd/e/c': '3', 'x/y': '4' });
    const gate = createFolderGate(context);
    expect(['a', 'd/b', 'd/e/c', 'd/b', 'x/y', 'a'].map((path) => read(gate, path))).toEqual([
      '1',
      '2',
      '3',
      '2',
      '4',
      '1',
    ]);
    gate.close();
  });

  it('never goes through a link, not even to the inside', () => {
    const context = createContext({
      'd/a': '1',
      link: { link: 'd/a' },
      folder: { link: 'd' },
      out: { link: '/etc' },
    });
    const gate = createFolderGate(context);
    for (const path of ['link', 'folder/a', 'out/passwd'])
      expect(() => read(gate, path)).toThrow(/ELOOP|ENOTDIR/);
    gate.close();
  });

  it('finds a folder that was swapped for a link after it was looked at', () => {
    const context = createContext({ 'd/e/a': 'inside', 'd/f': '' });
    const outside = temporaryFolder();
    mkdirSync(join(outside, 'e'));
    writeFileSync(join(outside, 'e/a'), 'secret');
    const gate = createFolderGate(context);
    expect(read(gate, 'd/f')).toBe('');
    renameSync(join(context, 'd'), join(context, 'was'));
    symlinkSync(outside, join(context, 'd'));
    expect(() => read(gate, 'd/e/a')).toThrow(/ELOOP|ENOTDIR/);
    gate.close();
  });

  it('holds two descriptors at most, and gives them back', () => {
    const nodes = Array.from({ length: 200 }, (_, at) => [`d${String(at)}/e/f`, 'x'] as const);
    const context = createContext(Object.fromEntries(nodes));
    const before = openDescriptors();
    const gate = createFolderGate(context);
    for (const [path] of nodes) read(gate, path);
    expect(() => read(gate, 'd1/none/f')).toThrow('ENOENT');
    expect(openDescriptors() - before).toBeLessThanOrEqual(2);
    gate.close();
    expect(openDescriptors()).toBe(before);
    rmSync(context, { recursive: true });
  });
});

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}
