/** Debian's names for the architectures of platforms (dpkg-architecture(1)). */
import type { Platform } from '../oci/platform.ts';

const plain: Readonly<Record<string, string>> = {
  amd64: 'amd64',
  arm64: 'arm64',
  '386': 'i386',
  ppc64le: 'ppc64el',
  s390x: 's390x',
  riscv64: 'riscv64',
  mips64le: 'mips64el',
  loong64: 'loong64',
};

/** linux/arm is armhf from ARMv7 on and armel below; undefined where Debian has no such architecture. */
export function debianArchitecture(platform: Platform): string | undefined {
  if (platform.os !== 'linux') return undefined;
  if (platform.architecture === 'arm') {
    const variant = platform.variant ?? 'v7';
    return variant === 'v7' || variant === 'v8' ? 'armhf' : 'armel';
  }
  return Object.hasOwn(plain, platform.architecture) ? plain[platform.architecture] : undefined;
}
