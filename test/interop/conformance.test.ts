/** The official conformance suite of the distribution specification, against the built `serve` (scripts/conformance.mjs). */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { hasProgram } from '../rigs/runtimes.ts';

const script = resolve(import.meta.dirname, '../../scripts/conformance.mjs');

test.skipIf(!hasProgram('go'))(
  'serve passes the official suite, all four workflows, and skips only what its own settings exclude (needs go)',
  { timeout: 600_000 },
  () => {
    const { status, stdout } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    expect(stdout).toMatch(/^conformance of 2026-08-31, for 1\.1: [789]\d\d passed, 0 failed, 0 skipped$/m);
    expect(stdout).toMatch(/^conformance of 2023-11-01, four workflows: 7\d passed, 0 failed, 4 skipped$/m);
    expect(
      [...stdout.matchAll(/^ {2}skipped {2}(.*)$/gm)].map(([, name]) =>
        name?.slice(name.search(/Pull|Push|Content/)),
      ),
    ).toEqual([
      // One of each pair of tests runs: with a push or without, with automatic discovery or without.
      'Pull Setup Get tag name from environment',
      'Push Cross-Repository Blob Mount Cross-mounting of nonexistent blob should yield session id',
      'Push Cross-Repository Blob Mount Cross-mounting without from, and automatic content discovery disabled should return a 202',
      'Content Discovery Setup Populate registry with test tags (no push)',
    ]);
    expect(status).toBe(0);
  },
);
