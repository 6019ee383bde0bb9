/** Each of twenty changes to a built project is told by its cause, before the build and after it, and nothing else is. */
import { expect, test } from 'vitest';
import { changes, openScene } from './explain-scene.ts';
import { explainAround } from './explain-around.ts';

test.each(changes)('explain names the cause: $name', async (change) => {
  const scene = await openScene();
  try {
    await expect(await explainAround(change, scene)).toMatchFileSnapshot(`golden/${change.name}.txt`);
  } finally {
    scene.project.remove();
  }
});
