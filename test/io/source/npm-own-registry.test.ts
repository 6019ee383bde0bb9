import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createRegistryFallback } from '../../../src/io/source/npm-own-registry.ts';
import { noMachine } from '../../../src/io/source/machine.ts';

describe("npm's own registry", () => {
  it('is what npm says, where the settings name none', async () => {
    const said = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', cwd: homedir() });
    const fallback = createRegistryFallback(new Map([['cache', '/c']]), {
      env: process.env,
      home: homedir(),
    });
    expect([...(await fallback())]).toEqual([
      ['cache', '/c'],
      ['registry', said.stdout.trim()],
    ]);
  });

  it('is not asked for where the settings name another', async () => {
    const settings = new Map([['registry', 'https://npm.example.com/']]);
    expect(await createRegistryFallback(settings, { env: process.env, home: homedir() })()).toBe(settings);
  });

  it('leaves the settings as they are where npm is not there', async () => {
    const settings = new Map<string, string>();
    expect(await createRegistryFallback(settings, noMachine)()).toBe(settings);
  });
});
