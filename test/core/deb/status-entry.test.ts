import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { statusEntries } from '../../../src/core/deb/status-entry.ts';
import { textOf } from './trees.ts';

const control = `Package: tini
Version: 0.19.0-1
Architecture: amd64
Maintainer: Who <who@example.org>
Description: a tiny init
 that reaps zombies
`;
const entries = statusEntries([{ name: 'tini', control, md5sums: 'abc  usr/bin/tini\n' }]);
const texts = Object.fromEntries(entries.map(({ entry, content }) => [entry.path, textOf(content)]));

describe('the status of installed packages', () => {
  it('stands in status.d, one file and its md5sums a package', () => {
    expect(Object.keys(texts).slice(-3)).toEqual([
      'var/lib/dpkg/status.d',
      'var/lib/dpkg/status.d/tini',
      'var/lib/dpkg/status.d/tini.md5sums',
    ]);
    expect(texts['var/lib/dpkg/status.d/tini']).toBe(
      `${control.replace('\n', '\nStatus: install ok installed\n')}\n`,
    );
  });

  it.runIf(spawnSync('dpkg-query', ['--version']).status === 0)('is listed by dpkg-query', () => {
    const folder = mkdtempSync(join(tmpdir(), 'status-'));
    mkdirSync(join(folder, 'info'));
    writeFileSync(join(folder, 'status'), texts['var/lib/dpkg/status.d/tini'] ?? '');
    const { stdout } = spawnSync('dpkg-query', ['--admindir', folder, '-W'], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(stdout).toBe('tini\t0.19.0-1\n');
  });
});
