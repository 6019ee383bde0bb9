/** What the documents of one image have to say of each other (image-spec config.md), each of them being right by itself. */
import type { ImageConfig } from './image-config.ts';
import type { Manifest } from './manifest.ts';
import type { Platform } from './platform.ts';

/** Sentences without a full stop, safe to print; none where the documents agree. */
export function imageContradictions(manifest: Manifest, config: ImageConfig): readonly string[] {
  const layers = manifest.layers.length;
  const diffIds = config.rootfs.diff_ids.length;
  const said = config.history?.filter(({ empty_layer: empty }) => empty !== true).length;
  return [
    // config.md, rootfs.diff_ids: the layers' content, in order from first to last.
    ...(diffIds === layers ? [] : [`the manifest has ${layers} layers and the config ${diffIds} diffIDs`]),
    // config.md, history: the history of each layer; empty_layer marks what made none.
    ...(said === undefined || said === layers
      ? []
      : [`the manifest has ${layers} layers and the config's history tells of ${said}`]),
  ];
}

/** Whether an index and the config say the same of the platform; a variant counts where both name one. */
export function platformContradictions(
  platform: Platform | undefined,
  { os, architecture, variant }: ImageConfig,
): readonly string[] {
  if (platform === undefined) return [];
  const pairs = [
    ['os', platform.os, os],
    ['architecture', platform.architecture, architecture],
    ['variant', platform.variant ?? variant, variant ?? platform.variant],
  ] as const;
  return pairs.flatMap(([name, indexed, own]) =>
    indexed === own ? [] : [`the index says ${name} ${String(indexed)} and the config ${String(own)}`],
  );
}
