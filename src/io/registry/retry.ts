/**
 * Trying again: which answers are worth it, how long to wait, and the one loop that does it. Waits double, with full
 * jitter; a `Retry-After` (RFC 9110, 10.2.3: seconds or an HTTP-date) is obeyed up to a limit.
 */
import { NetworkError } from './network-error.ts';
import type { RegistrySettings, Retries } from './registry-settings.ts';

// 408, 499 and 522 come from proxies and CDNs in front of registries.
const passing = new Set([408, 429, 499, 500, 502, 503, 504, 522]);

/** Whether an answer with this status may be another one next time. */
export function isPassing(status: number): boolean {
  return passing.has(status);
}

/** Milliseconds that a `Retry-After` asks for, or undefined where it is absent, negative or cannot be read. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // An HTTP-date begins with a day's name; Date.parse alone would also read "-5" as a year.
  if (text.length > 40 || !/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, ?/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Milliseconds to wait after attempt number `attempt` (from 1). */
export function waitBefore(
  attempt: number,
  retries: Retries,
  chance: { readonly random: () => number; readonly retryAfter: number | undefined },
): number {
  const backoff = Math.min(retries.longest, retries.first * 2 ** (attempt - 1));
  const jitter = Math.round(backoff * chance.random());
  if (chance.retryAfter === undefined) return jitter;
  return Math.min(retries.retryAfter, chance.retryAfter) + Math.min(jitter, retries.first);
}

/**
 * Calls `attempt` until it succeeds, fails for good, or was called as often as the settings allow. Only a NetworkError
 * whose facts say `again: 'later'` is tried again; an aborted signal ends the waiting with its reason.
 */
export async function withRetries<T>(
  settings: RegistrySettings,
  signal: AbortSignal,
  attempt: (number: number) => Promise<T>,
): Promise<T> {
  for (let number = 1; ; number++) {
    try {
      return await attempt(number);
    } catch (error) {
      if (!(error instanceof NetworkError) || error.facts.again !== 'later') throw error;
      if (number >= settings.retries.attempts) throw error.after(number);
      await pauseAfter(error, { attempt: number, settings, signal });
    }
  }
}

/** Waits before the attempt that follows number `attempt`, and says so. */
export async function pauseAfter(
  error: NetworkError,
  at: { readonly attempt: number; readonly settings: RegistrySettings; readonly signal: AbortSignal },
): Promise<void> {
  at.signal.throwIfAborted();
  const { random, retries, clock, onWait } = at.settings;
  const { retryAfter } = error.facts;
  const wait = waitBefore(at.attempt, retries, { random, retryAfter });
  const asked = retryAfter === undefined ? '' : ', as it asked';
  const next = `${String(at.attempt + 1)} of ${String(retries.attempts)}`;
  const message = `${error.message}; trying again in ${(wait / 1000).toFixed(1)} s${asked} (${next})`;
  onWait({ code: error.waitingCode, severity: 'warning', message });
  await clock.wait(wait, at.signal);
}
