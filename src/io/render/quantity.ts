/** Bytes, times and digests as people read them, without any locale. */
import { shortDigest, type Digest } from '../../core/digest/digest.ts';

/** `48.1 MB`, decimal units, as registries and docker print sizes. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const scaled = bytes / 1000 ** power;
  return `${power === 0 ? String(bytes) : scaled.toFixed(1)} ${units[power] ?? 'B'}`;
}

/** `1.92s`. */
export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)}s`;
}

/** `sha256:5a0f1c2d3e4f…`. */
export function formatDigest(digest: Digest): string {
  return `${digest.slice(0, digest.indexOf(':'))}:${shortDigest(digest)}…`;
}

/** `1 layer`, `2 layers`. */
export function formatCount(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
