/** One image for one platform as actions: each layer of its own on its foundation, and its configuration. */
import { escapeText } from '../diagnostic/escape-text.ts';
import type { Digest } from '../digest/digest.ts';
import type { ContainerConfig } from '../oci/image-config.ts';
import type { Target } from '../recipe/recipe.ts';
import type { SourcedTree } from '../tree/file-tree.ts';
import { imageKey } from './cache-key.ts';
import type { Foundation } from './foundation.ts';
import { planConfig } from './plan-config.ts';
import type { Action, ImageAction } from './plan.ts';
import { addError, addWarning, type Planning } from './planning.ts';
import { createdText, type Stack, stackLayers } from './stack-layers.ts';

export interface PlannedTarget {
  readonly foundation: Foundation;
  /** In the order in which they can be executed; the image's own action is the last. */
  readonly actions: readonly Action[];
  readonly image: ImageAction;
  readonly trees: ReadonlyMap<Digest, SourcedTree>;
}

/** Undefined where a problem was added instead. */
export function planTarget(
  planning: Planning,
  target: Target,
  asked: { readonly base: Foundation; readonly label: string },
): PlannedTarget | undefined {
  const stack = stackLayers(planning, target, asked.base);
  const errors = planning.problems.length;
  const config = planConfig(planning, target.image, { config: asked.base.config, accounts: stack.accounts });
  warnOfAnnotations(planning, target);
  if (stack.complete && stack.layers.length === 0) addNoLayers(planning, target);
  const failed = planning.problems.slice(errors).some((problem) => problem.severity === 'error');
  if (failed || !stack.complete) return undefined;
  const image = imageAction(planning, target, { ...asked, config, stack });
  return {
    foundation: {
      ...asked.base,
      ...stack,
      config,
      history: image.history,
      layers: image.layers,
      annotations: {},
    },
    actions: [...stack.actions, image],
    image,
    trees: stack.trees,
  };
}

// image-spec schema/image-manifest-schema.json: layers has at least one item.
function addNoLayers(planning: Planning, { image }: Target): void {
  addError(planning, image.at, {
    code: 'plan/no-layers',
    message: `image \`${escapeText(image.name)}\` has no layers, which the image spec does not allow`,
    help: 'add something to `layers`, or build on a base with `from`',
  });
}

// distribution docs/spec/manifest-v2-2.md: no document of Docker's has annotations.
function warnOfAnnotations(planning: Planning, { image }: Target): void {
  if (image.format === 'oci' || Object.keys(image.annotations).length === 0) return;
  addWarning(planning, `${image.origins['annotations'] ?? image.at}/annotations`, {
    code: 'plan/annotations-left-out',
    message: '`format: docker` has no annotations: they are left out',
    help: 'write them as `labels`, or leave `format` out',
  });
}

function imageAction(
  planning: Planning,
  target: Target,
  made: {
    readonly base: Foundation;
    readonly config: ContainerConfig;
    readonly stack: Stack;
    readonly label: string;
  },
): ImageAction {
  const { base, config, stack, label } = made;
  const inputs = {
    format: target.image.format,
    platform: target.platform,
    layers: stack.layers,
    needs: base.needs,
    created: createdText(planning, target),
    config,
    baseConfig: base.baseConfig,
    history: stack.history,
    annotations: { ...base.annotations, ...target.image.annotations },
  };
  return { kind: 'image', label, key: imageKey(inputs), cause: target.image.at, ...inputs };
}
