/** A lock for tests, and how one is read. */
import { trustedDigest } from '../../../../src/core/digest/digest.ts';
import {
  emptyLock,
  type Lock,
  type LockDocument,
  type LockedImage,
  type Pins,
  withPins,
  noPins,
} from '../../../../src/core/recipe/lock/lock.ts';
import { parseLock } from '../../../../src/core/recipe/lock/parse-lock.ts';

export const digest = (digit: string) => trustedDigest(`sha256:${digit.repeat(64)}`);
export const node = 'docker.io/library/node:22-slim';

export function image(root: string, platforms: Readonly<Record<string, string>>): LockedImage {
  const manifests = Object.entries(platforms).map(([name, digit]) => [name, digest(digit)] as const);
  return { digest: digest(root), platforms: new Map(manifests) };
}

export function images(entries: Iterable<readonly [string, LockedImage]>): Pins {
  return { ...noPins, images: new Map(entries) };
}

export const lock: Lock = withPins(
  emptyLock(1),
  images([
    [node, image('a', { 'linux/amd64': 'b', 'linux/arm64': 'c' })],
    ['ghcr.io/acme/tools:2', image('d', { 'linux/amd64': 'd' })],
  ]),
);

export function parsed(text: string): LockDocument {
  const outcome = parseLock({ name: 'oci.lock', text });
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  return outcome.value;
}
