/** The platform of this computer, which `--platform local` names and which bundles are for. Never a recipe's default. */
import { arch } from 'node:process';
import { normalizePlatform } from '../core/oci/normalize-platform.ts';
import type { Platform } from '../core/oci/platform.ts';

/** Containers are Linux's, whatever the host is: docker's and podman's virtual machines run Linux of the same architecture. */
export function hostPlatform(): Platform {
  return normalizePlatform({ os: 'linux', architecture: arch === 'x64' ? 'amd64' : arch });
}
