/** One image for one platform as actions: what its base brings, each layer of its own, its configuration. */
import { escapeText } from '../diagnostic/escape-text.ts';
import { canonicalJson } from '../digest/canonical-json.ts';
import type { Digest } from '../digest/digest.ts';
import type { Annotations } from '../oci/descriptor.ts';
import type { ContainerConfig, HistoryEntry, ImageConfig } from '../oci/image-config.ts';
import { formatPlatform } from '../oci/platform.ts';
import type { LayerRecipe, SingleLayer, Target } from '../recipe/recipe.ts';
import { type ImagePath, parseImagePath, rootPath } from '../tree/image-path.ts';
import type { Accounts } from './account.ts';
import { fetchKey, imageKey } from './cache-key.ts';
import { createFolderView, type FolderView } from './folder-view.ts';
import type { SourcedTree } from '../tree/file-tree.ts';
import { planConfig, workingFolder } from './plan-config.ts';
import { planLayer } from './plan-layer.ts';
import type { Action, CacheKey, FetchAction, ImageAction, LayerInput } from './plan.ts';
import { addError, type Planning } from './planning.ts';
import type { BaseImage } from './snapshot.ts';

/** An image as another image of the recipe may build on it. */
export interface Foundation {
  readonly layers: readonly LayerInput[];
  readonly needs: readonly CacheKey[];
  readonly config: ContainerConfig;
  readonly baseConfig: Readonly<Record<string, unknown>>;
  readonly history: readonly HistoryEntry[];
  readonly view: FolderView;
  readonly accounts: Accounts;
  /** base.name and base.digest, where the base came from a registry. */
  readonly annotations: Annotations;
}

export interface PlannedTarget {
  readonly foundation: Foundation;
  /** In the order in which they can be executed; the image's own action is the last. */
  readonly actions: readonly Action[];
  readonly image: ImageAction;
  readonly trees: ReadonlyMap<Digest, SourcedTree>;
}

export const scratch: Foundation = {
  layers: [],
  needs: [],
  config: {},
  baseConfig: {},
  history: [],
  view: createFolderView([]),
  accounts: {},
  annotations: {},
};

/** What a base image brings, and the action that fetches it. */
export function foundationOf(
  base: BaseImage,
  target: Target,
): { foundation: Foundation; action: FetchAction } {
  const inputs = { location: base.location, platform: target.platform, manifest: base.manifest };
  const key = fetchKey(inputs);
  const { passwd, group } = base;
  const cause = `${target.image.origins['from'] ?? target.image.at}/from`;
  const foundation: Foundation = {
    layers: base.layers.map((layer) => ({ from: 'base', layer })),
    needs: [key],
    config: base.config.config ?? {},
    baseConfig: unsetMembers(base.config),
    history: base.config.history ?? [],
    view: createFolderView(base.folders),
    accounts: { ...(passwd === undefined ? {} : { passwd }), ...(group === undefined ? {} : { group }) },
    annotations: baseAnnotations(base),
  };
  return { foundation, action: { kind: 'fetch', label: `base ${target.image.from}`, key, cause, ...inputs } };
}

/** Members of a base's configuration that an image of ours keeps: os.version, os.features, and what we do not know. */
function unsetMembers(config: ImageConfig): Record<string, unknown> {
  const ours = new Set(['created', 'author', 'architecture', 'os', 'variant', 'config', 'rootfs', 'history']);
  const dockers = new Set(['container', 'container_config', 'docker_version', 'id', 'parent', 'Size']);
  return Object.fromEntries(Object.entries(config).filter(([name]) => !ours.has(name) && !dockers.has(name)));
}

// image-spec annotations.md: base.name and base.digest name the image that this one's first layers are of.
function baseAnnotations(base: BaseImage): Annotations {
  if (base.location.transport !== 'registry') return {};
  const { registry, repository, tag } = base.location;
  return {
    'org.opencontainers.image.base.name': `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}`,
    'org.opencontainers.image.base.digest': base.manifest.digest,
  };
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

/** What people call a layer: its name, or what it does. */
export function layerLabel(layer: LayerRecipe): string {
  return layer.name ?? layerText(layer);
}

function layerText(layer: LayerRecipe): string {
  if (layer.kind === 'group') return `group (${layer.items.map((item) => itemText(item)).join(', ')})`;
  return itemText(layer);
}

function itemText(item: SingleLayer): string {
  switch (item.kind) {
    case 'copy':
    case 'archive':
      return `${item.kind} ${item.source}`;
    case 'image':
      return `image ${item.reference}`;
    case 'remove':
      return `remove ${item.paths.join(' ')}`;
    default:
      return `${item.kind} ${item.path}`;
  }
}

/** `api (linux/arm64)` where an image has several platforms. */
export function imageLabel(target: Target, platforms: number): string {
  return platforms === 1
    ? `image ${target.image.name}`
    : `image ${target.image.name} (${formatPlatform(target.platform)})`;
}

/** Foundations by image name and platform, for images that build on one another. */
export function foundationKey(name: string, target: Target): string {
  return canonicalJson([name, target.platform]);
}
