import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRuntime, isFixed, runcVersion } from '../../../src/io/bundle/find-runtime.ts';
import { runBundle } from '../../../src/io/bundle/run-bundle.ts';
import { type ScratchFolder, scratchFolder } from '../../rigs/scratch-folder.ts';

let scratch: ScratchFolder;
beforeAll(() => {
  scratch = scratchFolder('runtime');
});
afterAll(() => {
  scratch.remove();
});

function program(name: string, version: string): string {
  const path = join(scratch.path, name);
  writeFileSync(path, `#!/bin/sh\necho '${version}'\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('finding a runtime', () => {
  it('takes runc from PATH before crun', () => {
    program('crun', 'crun version 1.8.1');
    const runc = program('runc', 'runc version 1.3.3');
    expect(findRuntime(undefined, { PATH: scratch.path })).toEqual({ path: runc, warnings: [] });
  });

  it('takes the one that is named, by name or path', () => {
    const path = program('other', 'other version 1');
    expect(findRuntime('other', { PATH: scratch.path }).path).toBe(path);
    expect(findRuntime(path, {}).path).toBe(path);
  });

  it.each(['no-such-runtime', '/nowhere/runc', '.'])('says what to install where there is no %s', (name) => {
    expect(() => findRuntime(name, { PATH: scratch.path })).toThrow(
      expect.objectContaining({
        code: 'bundle/no-runtime',
        help: expect.stringContaining('install runc') as string,
      }),
    );
  });

  it('warns of a runc without the fixes of 2025, and names them', () => {
    const { warnings } = findRuntime(program('runc', 'runc version 1.1.5+ds1'), {});
    expect(warnings.map(({ code }) => code)).toEqual(['bundle/old-runtime']);
    expect(warnings[0]?.message).toContain('CVE-2025-31133');
    expect(warnings[0]?.help).toContain('1.2.8');
  });

  it.each([
    ['1.1.15', false],
    ['1.2.7', false],
    ['1.2.8', true],
    ['1.3.2', false],
    ['1.3.3', true],
    ['1.4.0', true],
    ['2.0.0', true],
  ])('knows that runc %s is fixed: %s', (text, fixed) => {
    const version = runcVersion(`runc version ${text}\nspec: 1.2.0\n`);
    expect(version !== undefined && isFixed(version.numbers)).toBe(fixed);
  });
});

describe('running what is no bundle', () => {
  it('says so', async () => {
    const bundle = join(scratch.path, 'empty');
    mkdirSync(bundle);
    const request = {
      bundle,
      runtime: undefined,
      environment: {},
      stdio: [0, 1, 2] as const,
      onWarning: () => undefined,
      listen: () => () => undefined,
    };
    await expect(runBundle(request)).rejects.toMatchObject({ code: 'bundle/not-a-bundle' });
  });
});
