/** safety.md T1 to T3: no layer leads out of the tree that it is unpacked into. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleScript } from '../rigs/bundled-script.ts';
import { type CaseResult, runCorpus, runNaively } from './unpack-runner.ts';

let base: string;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'layerwright-hostile-'));
  chmodSync(base, 0o755);
});
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

const isRoot = process.geteuid?.() === 0;
const ordinary = 65_533;

const runs: Readonly<Record<string, () => Promise<CaseResult[]>>> = {
  'this user': () => runCorpus(fresh('own')),
  ...(isRoot ? { 'an ordinary user (needs root to become one)': runAsOrdinaryUser } : {}),
};

describe.each(Object.entries(runs))('hostile layers unpacked by %s', (_, run) => {
  let results: CaseResult[] = [];
  beforeAll(async () => {
    results = await run();
  });

  it('are more than two hundred, each in one layer and split over two', () => {
    expect(results.length).toBeGreaterThan(2 * 200);
  });

  it('change nothing outside the tree', () => {
    expect(results.filter(({ changed }) => changed.length > 0)).toEqual([]);
  });

  it('end in a tree or in a diagnostic that names the layer, never in anything else', () => {
    const wrong = results.filter(
      ({ outcome, message }) => outcome !== 'unpacked' && !message.startsWith('layer sha256:'),
    );
    expect(wrong).toEqual([]);
  });

  it('are refused as untrusted where they are refused', () => {
    expect(results.filter(({ outcome, exitCode }) => outcome !== 'unpacked' && exitCode !== 3)).toEqual([]);
  });

  it('are refused or unpacked as safety.md says', () => {
    const wrong = results.filter(
      ({ expect: wanted, outcome }) =>
        wanted !== 'either' && (wanted === 'unpacked') !== (outcome === 'unpacked'),
    );
    expect(wrong).toEqual([]);
  });

  it('leave nothing behind when they are refused', () => {
    expect(results.filter(({ leftBehind }) => leftBehind.length > 0)).toEqual([]);
  });

  it('take less than ten seconds each', () => {
    expect(results.filter(({ milliseconds }) => milliseconds > 10_000)).toEqual([]);
  });
});

it('the corpus bites: a careless unpacker escapes in at least 25 cases', () => {
  expect(runNaively(fresh('naive')).length).toBeGreaterThanOrEqual(25);
});

function fresh(name: string): string {
  const folder = join(base, name);
  mkdirSync(folder);
  return folder;
}

async function runAsOrdinaryUser(): Promise<CaseResult[]> {
  const folder = fresh('ordinary');
  const script = await bundleScript(join(import.meta.dirname, 'unpack-child.ts'), base);
  chownSync(folder, ordinary, ordinary);
  const become = ['--reuid', String(ordinary), '--regid', String(ordinary), '--clear-groups'];
  const output = execFileSync('setpriv', [...become, process.execPath, script, folder], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return JSON.parse(output) as CaseResult[];
}
