import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, isVersion, satisfies } from '../../../src/core/deb/version.ts';

const hasDpkg = spawnSync('dpkg', ['--version']).status === 0;

describe('versions', () => {
  it('are ordered by epoch, upstream version and revision', () => {
    const ordered = [
      '1.0~~',
      '1.0~rc1',
      '1.0',
      '1.0-1',
      '1.0-1+b2',
      '1.0+x',
      '1.0.1',
      '1.10',
      '1.a',
      '2',
      '1:0.1',
      '2:0',
    ];
    const shuffled = [...ordered].reverse().sort(compareVersions);
    expect(shuffled).toEqual([
      '1.0~~',
      '1.0~rc1',
      '1.0',
      '1.0-1',
      '1.0-1+b2',
      '1.0+x',
      '1.0.1',
      '1.10',
      '1.a',
      '2',
      '1:0.1',
      '2:0',
    ]);
    expect(compareVersions('1.0', '0:1.0-0')).toBe(0);
    expect(compareVersions('1.007', '1.7')).toBe(0);
  });

  it('satisfy bounds', () => {
    const holds = (operator: '<<' | '<=' | '=' | '>=' | '>>') =>
      satisfies('1.5-2', { operator, version: '1.5-1' });
    expect([holds('<<'), holds('<='), holds('='), holds('>='), holds('>>')]).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it.each(['', '1 0', ':1', '1:', 'a:1', '1_0', '1/0'])('are not %j', (text) => {
    expect(isVersion(text)).toBe(false);
  });

  it.runIf(hasDpkg)('have the order that dpkg gives them', () => {
    const part = fc.stringMatching(/^[0-9][0-9a-cA-C.+~]{0,6}$/);
    const version = fc
      .tuple(
        fc.constantFrom('', '0:', '1:', '02:'),
        part,
        fc.constantFrom('', '-1', '-0', '-1~b', '-2+b1', '-1-1'),
      )
      .map((parts) => parts.join(''));
    const pairs = fc.sample(fc.tuple(version, version), { numRuns: 120, seed: 6 });
    // Neighbours that differ in little are where an order goes wrong.
    const near = pairs.map(([a]) => [a, `${a}~`] as const);
    const all = [...pairs, ...near];
    expect(all.map(([a, b]) => Math.sign(compareVersions(a, b)))).toEqual(dpkgOrder(all));
  });
});

function dpkgOrder(pairs: readonly (readonly [string, string])[]): number[] {
  const script = `while read -r a b; do
    if dpkg --compare-versions "$a" lt "$b"; then echo -1
    elif dpkg --compare-versions "$a" eq "$b"; then echo 0
    else echo 1; fi
  done`;
  const input = pairs.map((pair) => `${pair.join(' ')}\n`).join('');
  const { stdout } = spawnSync('sh', ['-c', script], { input, encoding: 'utf8' });
  return stdout.trim().split('\n').map(Number);
}
