/** Bytes, times and digests as people read them, without any locale. */
import { shortDigest, type Digest } from '../../core/digest/digest.ts';

/** `48.1 MB`, decimal units, as registries and docker print sizes. */
export function formatBytes(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'];
  if (bytes < 1000) return `${String(bytes)} B`;
  // What would be rounded to 1000.0 of one unit is 1.0 of the next.
  const power = units.findIndex((_unit, index) => bytes / 1000 ** (index + 1) < 999.95);
  const at = power < 0 ? units.length - 1 : power;
  return `${(bytes / 1000 ** (at + 1)).toFixed(1)} ${units[at] ?? ''}`;
}

/** `48112034 bytes (48.1 MB)`, where the number itself is wanted. */
export function formatExactBytes(bytes: number): string {
  const count = formatCount(bytes, 'byte');
  return Math.abs(bytes) < 1000 ? count : `${count} (${formatBytes(bytes)})`;
}

/** `1.92s`, for logs. */
export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)}s`;
}

/** `1.9 s`, for the eye. */
export function formatDuration(milliseconds: number): string {
  return milliseconds < 50 ? '<0.1 s' : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** `sha256:5a0f1c2d3e4f…`. */
export function formatDigest(digest: Digest): string {
  return `${digest.slice(0, digest.indexOf(':'))}:${shortDigest(digest)}…`;
}

/** `1 layer`, `2 layers`. */
export function formatCount(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `+1.2 MB`, `−3 B`, `±0 B`: how much larger something has become. */
export function formatGrowth(bytes: number): string {
  if (bytes === 0) return '±0 B';
  return `${bytes > 0 ? '+' : '−'}${formatBytes(Math.abs(bytes))}`;
}
