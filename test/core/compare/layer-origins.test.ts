/** Which action of a plan made each layer. */
import { expect, it } from 'vitest';
import { layerOrigins } from '../../../src/core/compare/layer-origins.ts';
import { digestOfValue } from '../../../src/core/digest/digest.ts';
import type { BuiltImage, Image } from '../../../src/core/image/image.ts';
import type { ImageAction, Plan } from '../../../src/core/plan/plan.ts';
import { planOf } from '../../diagnostics/project-case.ts';

/** As if each action had made a layer whose digest is that of its key. */
function builtFrom({ images, actions }: Plan): BuiltImage {
  const [planned] = images;
  if (planned === undefined) throw new Error('the plan has no image');
  const blob = { mediaType: 'any', digest: digestOfValue('document'), size: 1 };
  const made = planned.platforms.map(({ key, platform }): Image => {
    const action = actions.find((one): one is ImageAction => one.kind === 'image' && one.key === key);
    const layers = (action?.layers ?? []).map((input) => {
      const digest = input.from === 'action' ? digestOfValue(input.key) : input.layer.descriptor.digest;
      return { descriptor: { ...blob, digest }, diffId: digest };
    });
    return { manifest: blob, config: blob, layers, platform };
  });
  return { name: planned.name, references: [], root: blob, images: made };
}

it('each layer has the label and the place of its action, on every platform', async () => {
  const recipe = [
    'platforms: [linux/amd64, linux/arm64]',
    'layers:',
    '  - dir: /shared',
    '  - { dir: "/${{ platform.arch }}", name: own }',
  ];
  const { plan } = (await planOf({ recipe })).portable;
  const origins = layerOrigins(plan, builtFrom(plan));
  const told = [...origins.values()].map(({ label, cause }) => `${label} ${cause}`);
  expect(told.sort()).toEqual(['dir /shared /layers/0', 'own /layers/1', 'own /layers/1']);
});
