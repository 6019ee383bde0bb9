/**
 * How we know again what we unpacked, without changing a byte of the image's own tree. A bundle holds the file
 * `.layerwright` beside its rootfs. For a bare rootfs the marker stands next to it, `.NAME.layerwright`, and says which
 * folder is meant by device, inode and time of birth, so that another folder of that name is never taken for ours.
 */
import { type BigIntStats, lstatSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { canonicalJson } from '../../core/digest/canonical-json.ts';
import { type Digest, parseDigest } from '../../core/digest/digest.ts';

/** Writes the marker of a bundle into its folder. */
export function markBundle(bundle: string, manifest: Digest): void {
  const text = canonicalJson({ layerwright: 'bundle', manifest, version: 1 });
  writeFileSync(bundleMarker(bundle), `${text}\n`, { flag: 'wx', mode: 0o644 });
}

export function isOurBundle(folder: string): boolean {
  return readMarker(bundleMarker(folder))?.['layerwright'] === 'bundle';
}

/** The manifest that a bundle of ours was made of; undefined for any other folder. */
export function manifestOfBundle(folder: string): Digest | undefined {
  const marker = readMarker(bundleMarker(folder));
  const parsed = parseDigest(String(marker?.['manifest']));
  return marker?.['layerwright'] === 'bundle' && parsed.ok ? parsed.digest : undefined;
}

/** Writes the marker of a rootfs that is about to be renamed from `made` to `destination`. */
export function markRootfs(made: string, destination: string): void {
  const path = rootfsMarker(destination);
  const fresh = `${made}.marker`;
  const identity = identityOf(lstatSync(made, { bigint: true }));
  writeFileSync(fresh, `${canonicalJson({ layerwright: 'rootfs', version: 1, ...identity })}\n`, {
    flag: 'wx',
  });
  renameSync(fresh, path);
}

export function isOurRootfs(folder: string): boolean {
  const marker = readMarker(rootfsMarker(folder));
  if (marker?.['layerwright'] !== 'rootfs') return false;
  const identity = identityOf(lstatSync(folder, { bigint: true }));
  return Object.entries(identity).every(([key, value]) => marker[key] === value);
}

function bundleMarker(folder: string): string {
  return join(folder, '.layerwright');
}

function rootfsMarker(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}.layerwright`);
}

function identityOf(stats: BigIntStats): Readonly<Record<string, string>> {
  return { born: String(stats.birthtimeNs), device: String(stats.dev), inode: String(stats.ino) };
}

const maxMarkerBytes = 4096;

function readMarker(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const stats = lstatSync(path);
    if (!stats.isFile() || stats.size > maxMarkerBytes) return undefined;
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined; // No marker, or not one that we can read: then the folder is not ours.
  }
}
