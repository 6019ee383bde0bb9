import { arch } from 'node:process';
import { describe, expect, test } from 'vitest';
import { formatPlatform } from '../../src/core/oci/platform.ts';
import { hostPlatform } from '../../src/cli/host-platform.ts';
import { platformsOf } from '../../src/cli/platforms.ts';

describe('--platform', () => {
  test('leaves it to the recipe where nothing is asked for', () => {
    expect(platformsOf(undefined)).toBeUndefined();
    expect(platformsOf([])).toBeUndefined();
  });

  test('takes a list, with the usual names for architectures', () => {
    const platforms = platformsOf(['linux/x86_64', 'linux/aarch64', 'linux/arm/v6']);
    expect(platforms === 'all' ? [] : platforms?.map(formatPlatform)).toEqual([
      'linux/amd64',
      'linux/arm64',
      'linux/arm/v6',
    ]);
  });

  test('all is all, whatever else stands there', () => {
    expect(platformsOf(['linux/amd64', 'all'])).toBe('all');
  });

  test('local is Linux on the architecture of this computer', () => {
    const names: Readonly<Record<string, string>> = { x64: 'linux/amd64', arm64: 'linux/arm64' };
    expect(formatPlatform(hostPlatform())).toBe(names[arch] ?? `linux/${arch}`);
    expect(platformsOf(['local'])).toEqual([hostPlatform()]);
  });

  test('refuses what is none, with an example', () => {
    expect(() => platformsOf(['linux arm64'])).toThrow('--platform linux arm64 is not a platform');
  });
});
