/** What `explain` says before a build and after it; what it names is held against what the build makes. */
import { expect } from 'vitest';
import { type Change, type Scene, withoutDigests } from './explain-scene.ts';

interface Told {
  readonly nothing: boolean;
  readonly actions: readonly { readonly label: string; readonly verdict: string }[];
}

interface Planned {
  readonly status: readonly { readonly label: string; readonly cached: boolean }[];
}

/** Builds, makes the change, and gives both answers as a golden holds them. */
export async function explainAround(change: Change, scene: Scene): Promise<string> {
  const { act, env, nothing = false } = change;
  await scene.succeed(['build', '-q']);
  await act(scene);
  const before = await scene.succeed(['explain'], env);
  const told = JSON.parse(await scene.succeed(['explain', '--json'], env)) as Told;
  const planned = JSON.parse(await scene.succeed(['plan', '--json'], env)) as Planned;
  const made = told.actions.filter(({ verdict }) => verdict !== 'same' && verdict !== 'gone');
  const running = planned.status.filter(({ cached }) => !cached);
  expect(made.map(({ label }) => label)).toEqual(running.map(({ label }) => label));
  expect(told.nothing).toBe(nothing);
  await scene.succeed(['build', '-q'], env);
  const after = await scene.succeed(['explain'], env);
  return withoutDigests(
    `$ layerwright explain\n${before}\n$ layerwright build\n$ layerwright explain\n${after}`,
  );
}
