/** Platforms (image-spec image-index.md, `platform`; parsing and matching as github.com/containerd/platforms does). */

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly 'os.version'?: string;
  readonly 'os.features'?: readonly string[];
}

/** `linux/arm/v7`: os, architecture and, where there is one, variant. */
export function formatPlatform(platform: Platform): string {
  const parts = [platform.os, platform.architecture, platform.variant];
  return parts.filter((part) => part !== undefined && part !== '').join('/');
}
