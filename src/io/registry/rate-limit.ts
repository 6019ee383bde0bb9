/** What a registry says of its limit (Docker Hub: `ratelimit-limit: 100;w=21600`), for people. */
import type { WireResponse } from './wire.ts';

/** ` (limit 100 in 6 h, 0 remaining)`, or nothing where the answer says nothing of it. */
export function rateLimitWords(response: Pick<WireResponse, 'header'>): string {
  const limit = parsed(response.header('ratelimit-limit'));
  const remaining = parsed(response.header('ratelimit-remaining'));
  if (limit === undefined || remaining === undefined) return '';
  const window = limit.seconds === undefined ? '' : ` in ${durationWords(limit.seconds)}`;
  return ` (limit ${String(limit.count)}${window}, ${String(remaining.count)} remaining)`;
}

function parsed(
  value: string | undefined,
): { readonly count: number; readonly seconds?: number } | undefined {
  const [, count, seconds] = /^(\d{1,9})(?:\s*;\s*w=(\d{1,9}))?$/.exec(value?.trim() ?? '') ?? [];
  if (count === undefined) return undefined;
  return { count: Number(count), ...(seconds !== undefined && { seconds: Number(seconds) }) };
}

function durationWords(seconds: number): string {
  if (seconds % 3600 === 0) return `${String(seconds / 3600)} h`;
  return seconds % 60 === 0 ? `${String(seconds / 60)} min` : `${String(seconds)} s`;
}
