/** N16 and N17 of safety.md: programs that keep credentials, and what we tell them. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CanaryScene, makeCanaryScene, refuseSecretsAt } from '../../rigs/canary-scene.ts';
import { type GuardedRegistry, startGuarded } from '../../rigs/guarded-registry.ts';
import { canary, stopEverything } from '../../rigs/registry-harness.ts';

let scene: CanaryScene;
beforeEach(() => {
  scene = makeCanaryScene();
});
afterEach(async () => {
  scene.remove();
  await stopEverything();
});

function helper(script: string, mode = 0o755): void {
  const path = join(scene.bin, 'docker-credential-test');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, mode);
}

async function copyWith(
  config: object,
): Promise<{ run: Awaited<ReturnType<CanaryScene['run']>>; registry: GuardedRegistry }> {
  const registry = await startGuarded();
  scene.logIn([], config);
  return { run: await scene.run(['copy', '-v', registry.reference, 'oci:out']), registry };
}

describe('N16: a credential helper that', () => {
  test.each<[string, () => void, string]>([
    ['is not there', () => undefined, 'is not installed'],
    ['cannot be executed', () => helper('true', 0o644), 'is not'],
    ['prints garbage', () => helper(`echo "${canary}"`), 'printed something that is not a credential'],
    ['ends with 1', () => helper(`echo "${canary}"; echo "${canary}" >&2; exit 1`), 'ended with status 1'],
    ['hangs', () => helper('exec sleep 600'), 'gave no answer within 10 s'],
  ])('%s ends with 6 and is named, and what it says goes nowhere', async (_, prepare, found) => {
    prepare();
    const { run, registry } = await copyWith({ credsStore: 'test' });
    expect(run.stderr).toContain('docker-credential-test');
    expect(run.stderr).toContain(found);
    expect(run.status).toBe(6);
    expect(run.milliseconds).toBeLessThan(20_000);
    refuseSecretsAt(registry);
  });

  test('works is given the registry on its standard input, and its secret is in no command line', async () => {
    const log = join(scene.home, 'command-lines');
    helper(
      `cat /proc/$$/cmdline /proc/$PPID/cmdline > ${log}; read host; echo "{\\"Username\\":\\"alice\\",\\"Secret\\":\\"${canary}\\"}"`,
    );
    const { run } = await copyWith({ credsStore: 'test' });
    expect(run.status).toBe(0);
    const lines = readFileSync(log, 'utf8');
    expect(lines).toContain('docker-credential-test');
    expect(lines).not.toContain(canary);
  });
});

describe('N17: a credential helper', () => {
  test.each(['../evil', 'a/b', '/bin/sh'])('named %s is never started: 2', async (name) => {
    const { run, registry } = await copyWith({ credsStore: name });
    expect(run.stderr).toContain('which is not a plain name');
    expect(run.status).toBe(2);
    refuseSecretsAt(registry);
  });

  test.each(['evil\nhost/x:1', 'evil\rhost:5000/x', 'evil host/x'])(
    'is never asked for the host of %j: 2',
    async (reference) => {
      const log = join(scene.home, 'asked');
      helper(`cat > ${log}`);
      scene.logIn([], { credsStore: 'test' });
      const run = await scene.run(['copy', reference, 'oci:out']);
      expect(run.status).toBe(2);
      expect(existsSync(log)).toBe(false);
    },
  );
});
