/** What an image stands on: nothing, a base image from outside, or another image of the recipe. */
import { canonicalJson } from '../digest/canonical-json.ts';
import { digestOfValue } from '../digest/digest.ts';
import { normalizePlatform } from '../oci/normalize-platform.ts';
import type { Annotations } from '../oci/descriptor.ts';
import type { ContainerConfig, HistoryEntry, ImageConfig } from '../oci/image-config.ts';
import type { Target } from '../recipe/recipe.ts';
import type { FileTree } from '../tree/file-tree.ts';
import { accountsIn } from '../tree/account-texts.ts';
import type { Accounts } from './account.ts';
import { baseLabel } from './action-label.ts';
import { fetchKey } from './cache-key.ts';
import { createFolderView, type FolderView } from './folder-view.ts';
import type { CacheKey, FetchAction, LayerInput } from './plan.ts';
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
  /** All that the image shows, where the snapshot has it. */
  readonly files?: (() => FileTree) | undefined;
  /** base.name and base.digest, where the base came from a registry. */
  readonly annotations: Annotations;
}

export const scratch: Foundation = {
  layers: [],
  needs: [],
  config: {},
  baseConfig: {},
  history: [],
  view: createFolderView([]),
  accounts: {},
  files: () => ({ entries: [] }),
  annotations: {},
};

/** What a base image brings, and the action that fetches it. */
export function foundationOf(
  base: BaseImage,
  target: Target,
): { foundation: Foundation; action: FetchAction } {
  const inputs = { location: base.location, platform: target.platform, manifest: base.manifest };
  const key = fetchKey(inputs);
  const cause = `${target.image.origins['from'] ?? target.image.at}/from`;
  const foundation: Foundation = {
    layers: base.layers.map((layer) => ({ from: 'base', layer })),
    needs: [key],
    config: base.config.config ?? {},
    baseConfig: unsetMembers(base.config),
    history: base.config.history ?? [],
    // Which folders a base has, its manifest decides.
    view: createFolderView(base.folders, () => digestOfValue({ base: base.manifest.digest })),
    accounts: accountsIn(base),
    files: base.files,
    annotations: baseAnnotations(base),
  };
  return {
    foundation,
    action: { kind: 'fetch', label: baseLabel(target.image.from), key, cause, ...inputs },
  };
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

/**
 * Foundations by image name and platform, for images that build on one another. linux/arm64 and linux/arm64/v8 are one
 * platform.
 */
export function foundationKey(name: string, target: Target): string {
  return canonicalJson([name, normalizePlatform(target.platform)]);
}
