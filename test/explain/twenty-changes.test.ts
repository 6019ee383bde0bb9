/** Each of twenty changes to a built project is told by its cause, before the build and after it, and nothing else is. */
import { describe, expect, test } from 'vitest';
import { type Change, changes, openScene, type Scene, withoutDigests } from './explain-scene.ts';

interface Told {
  readonly label: string;
  readonly verdict: string;
  readonly changes: readonly unknown[];
}

async function explained(
  scene: Scene,
  env: Change['env'] = {},
): Promise<{ nothing: boolean; made: string[] }> {
  const json = JSON.parse(await scene.succeed(['explain', '--json'], env)) as {
    readonly nothing: boolean;
    readonly actions: readonly Told[];
  };
  const made = json.actions.filter(({ verdict }) => verdict !== 'same' && verdict !== 'gone');
  return { nothing: json.nothing, made: made.map(({ label }) => label) };
}

/** The labels of the actions that a build makes. */
async function built(scene: Scene, env: Change['env'] = {}): Promise<string[]> {
  const plan = JSON.parse(await scene.succeed(['plan', '--json'], env)) as {
    readonly status: readonly { readonly label: string; readonly cached: boolean }[];
  };
  await scene.succeed(['build', '-q'], env);
  return plan.status.filter(({ cached }) => !cached).map(({ label }) => label);
}

describe('explain', () => {
  test.each(changes)('names the cause: $name', async ({ name, act, env, nothing }) => {
    const scene = await openScene();
    try {
      await scene.succeed(['build', '-q']);
      await act(scene);
      const before = await scene.succeed(['explain'], env);
      const found = await explained(scene, env);
      expect(found.nothing).toBe(nothing ?? false);
      expect(await built(scene, env)).toEqual(found.made);
      const after = await scene.succeed(['explain'], env);
      const text = `$ layerwright explain\n${before}\n$ layerwright build\n$ layerwright explain\n${after}`;
      await expect(withoutDigests(text)).toMatchFileSnapshot(`golden/${name}.txt`);
    } finally {
      scene.project.remove();
    }
  });
});
