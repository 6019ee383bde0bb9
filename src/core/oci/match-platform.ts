/**
 * Which platforms can run where, and which of them runs best (github.com/containerd/platforms v1.0.0-rc.5, compare.go:
 * Only, OnlyStrict, OnlyOS). A machine runs older variants of its own architecture, 386 on amd64, and arm on arm64.
 * Unlike there, an arm64 variant that nobody knows still matches itself.
 */
import { windowsVersionMatches } from './windows-version.ts';
import { normalizePlatform } from './normalize-platform.ts';
import type { Platform } from './platform.ts';

/** Whether an image for `candidate` runs where `wanted` is asked for. */
export function platformMatches(wanted: Platform, candidate: Platform): boolean {
  return runnable(wanted).some((platform) => isSame(platform, candidate));
}

/** Whether the two are the same platform after normalisation; an older variant is another one. */
export function platformMatchesStrictly(wanted: Platform, candidate: Platform): boolean {
  return isSame(normalizePlatform(wanted), candidate);
}

/** Whether the operating system fits, whatever the architecture. */
export function osMatches(wanted: Platform, candidate: Platform): boolean {
  return hasSameOs(normalizePlatform(wanted), normalizePlatform(candidate));
}

/**
 * The best match of `wanted`, the first of equals; undefined where none matches. What has no platform is left to the
 * caller, who knows where its config says one.
 */
export function choosePlatform<T extends { readonly platform?: Platform }>(
  candidates: readonly T[],
  wanted: Platform,
): T | undefined {
  const matching = candidates.filter(
    ({ platform }) => platform !== undefined && platformMatches(wanted, platform),
  );
  return sortByPlatform(matching, wanted, ({ platform }) => platform ?? wanted)[0];
}

/** The items from best to worst for `wanted`, equals in their own order; what does not match comes last. */
export function sortByPlatform<T>(
  items: readonly T[],
  wanted: Platform,
  platformOf: (item: T) => Platform,
): T[] {
  const order = runnable(wanted);
  return sortByKey(items, (item) => rank(order, platformOf(item)));
}

/** As sortByPlatform, where only the operating system must match and the architecture is a preference. */
export function sortByOs<T>(items: readonly T[], wanted: Platform, platformOf: (item: T) => Platform): T[] {
  return sortByKey(items, (item) => {
    const platform = platformOf(item);
    if (!osMatches(wanted, platform)) return [2];
    return [platformMatchesStrictly(wanted, platform) ? 0 : 1];
  });
}

/** Normalised `wanted` first, then everything else that it can run, best first. */
function runnable(wanted: Platform): Platform[] {
  const platform = normalizePlatform(wanted);
  const variants = variantsBelow(platform).map((variant) => ({ ...platform, variant }));
  return [platform, ...variants.map(normalizePlatform), ...foreignArchitecture(platform)];
}

function variantsBelow({ architecture, variant = '' }: Platform): string[] {
  if (architecture === 'amd64') return versionsBelow(variant, 1);
  if (architecture === 'arm') return versionsBelow(variant, 5);
  if (architecture !== 'arm64') return [];
  const [, major = '', minor = '0'] = /^v?([0-9]{1,2})(?:\.([0-9]))?$/.exec(variant) ?? [];
  return arm64VariantsBelow(major === '' ? 8 : Number(major), Number(minor));
}

function versionsBelow(variant: string, least: number): string[] {
  const [, version = '0'] = /^v?([0-9]{1,2})$/.exec(variant) ?? [];
  return countDown(Number(version) - 1, least).map((older) => `v${String(older)}`);
}

// Arm's v9.0 is v8.5 with more, so v9.x also runs v8.(x+5), up to v8.9, the last of them.
function arm64VariantsBelow(major: number, minor: number): string[] {
  if (major !== 9) return countDown(minor - 1, 0).map((version) => `v${String(major)}.${String(version)}`);
  const nine = countDown(minor - 1, 0).map((version) => `v9.${String(version)}`);
  return [...nine, ...countDown(Math.min(minor + 5, 9), 0).map((version) => `v8.${String(version)}`)];
}

function foreignArchitecture(platform: Platform): Platform[] {
  const { architecture, variant, ...os } = platform;
  if (architecture === 'amd64') return [{ ...os, architecture: '386' }];
  if (architecture !== 'arm64') return [];
  // Whatever the arm64 variant, what it runs of 32 bits is arm/v8 and below.
  return variant === undefined || /^v[89]/.test(variant)
    ? runnable({ ...os, architecture: 'arm', variant: 'v8' })
    : [];
}

function countDown(from: number, to: number): number[] {
  return Array.from({ length: Math.max(from - to + 1, 0) }, (_, index) => from - index);
}

function isSame(machine: Platform, candidate: Platform): boolean {
  const normal = normalizePlatform(candidate);
  return (
    machine.architecture === normal.architecture &&
    machine.variant === normal.variant &&
    hasSameOs(machine, normal)
  );
}

/** Both are normalised. The candidate's features are among the machine's; versions count for windows only. */
function hasSameOs(machine: Platform, candidate: Platform): boolean {
  return (
    machine.os === candidate.os &&
    (machine.os !== 'windows' || windowsVersionMatches(machine['os.version'], candidate['os.version'])) &&
    (candidate['os.features'] ?? []).every((feature) => machine['os.features']?.includes(feature) === true)
  );
}

/** Smaller is better: place in the order, then more features of those that match, then the place without features. */
function rank(order: readonly Platform[], platform: Platform): number[] {
  const place = order.findIndex((machine) => isSame(machine, platform));
  if (place >= 0) return [place, -(platform['os.features']?.length ?? 0)];
  const { 'os.features': _, ...plain } = platform;
  const plainPlace = order.findIndex((machine) => isSame(machine, plain));
  return [order.length, 0, plainPlace < 0 ? order.length : plainPlace];
}

function sortByKey<T>(items: readonly T[], keyOf: (item: T) => number[]): T[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  keyed.sort((a, b) => compareKeys(a.key, b.key));
  return keyed.map(({ item }) => item);
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
