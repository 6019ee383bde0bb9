/** One image for one platform as actions: each layer of its own on its foundation, and its configuration. */
import { escapeText } from '../diagnostic/escape-text.ts';
import type { Digest } from '../digest/digest.ts';
import type { ContainerConfig, HistoryEntry } from '../oci/image-config.ts';
import type { Target } from '../recipe/recipe.ts';
import type { SourcedTree } from '../tree/file-tree.ts';
import { type ImagePath, parseImagePath, rootPath } from '../tree/image-path.ts';
import type { Accounts } from './account.ts';
import { layerLabel, layerText } from './action-label.ts';
import { imageKey } from './cache-key.ts';
import type { FolderView } from './folder-view.ts';
import type { Foundation } from './foundation.ts';
import { planConfig, workingFolder } from './plan-config.ts';
import { planLayer } from './plan-layer.ts';
import type { Action, ImageAction, LayerInput } from './plan.ts';
import { addError, addWarning, type Planning } from './planning.ts';

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

interface Stack {
  readonly layers: readonly LayerInput[];
  readonly history: readonly HistoryEntry[];
  readonly view: FolderView;
  readonly accounts: Accounts;
  readonly actions: readonly Action[];
  readonly trees: ReadonlyMap<Digest, SourcedTree>;
  /** Whether every layer could be planned. */
  readonly complete: boolean;
}

function stackLayers(planning: Planning, target: Target, base: Foundation): Stack {
  const { image, platform } = target;
  const created = createdText(planning, target);
  const workdir = imagePathOf(workingFolder(image.workdir, base.config.WorkingDir));
  let stack: Stack = { ...base, actions: [], trees: new Map(), complete: true };
  for (const layer of image.layers) {
    const below = {
      view: stack.view,
      accounts: stack.accounts,
      isEmpty: stack.layers.length === 0,
      workdir,
      platform,
    };
    const label = layerLabel(layer);
    const planned = planLayer(planning, { layer, label, compression: image.compression }, below);
    if (planned === undefined) {
      stack = { ...stack, complete: false };
      continue;
    }
    stack = {
      ...stack,
      layers: [...stack.layers, { from: 'action', key: planned.action.key }],
      history: [...stack.history, { created, created_by: `layerwright ${layerText(layer)}` }],
      view: planned.view,
      accounts: planned.accounts,
      actions: [...stack.actions, planned.action],
      trees: new Map([...stack.trees, ...planned.trees]),
    };
  }
  return stack;
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

/** RFC 3339 in UTC, whole seconds: what `created` of the configuration and of each history entry says. */
function createdText(planning: Planning, target: Target): string {
  const { created } = target.image;
  const { epoch } = planning.settings;
  const seconds =
    created === 'epoch' ? epoch : created === 'commit' ? planning.snapshot.commitTime : created.seconds;
  return new Date((seconds ?? epoch) * 1000).toISOString().replace('.000Z', 'Z');
}

function imagePathOf(folder: string): ImagePath {
  const parsed = parseImagePath(folder);
  return parsed.ok ? parsed.path : rootPath;
}
