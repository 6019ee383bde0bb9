/** Durations and sizes as Compose writes them. */

const unitsOfTime: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** `1m30s`, `1.5h`, `500ms` in nanoseconds (Go's time.ParseDuration without signs); undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (text.length > 64 || !/^(?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)/g)) {
    total += Number(amount) * (unitsOfTime[unit ?? ''] ?? 0);
  }
  const nanoseconds = Math.round(total);
  return Number.isSafeInteger(nanoseconds) ? nanoseconds : undefined;
}

const powers: Readonly<Record<string, number>> = { b: 0, k: 1, m: 2, g: 3, t: 4 };

/** `512m`, `1.5GiB`, `1073741824` in bytes, powers of 1024 as in Docker; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,16}(?:\.\d{1,6})?)\s*(?:(b)|([kmgt])(?:i?b)?)?$/i.exec(text);
  if (match === null) return undefined;
  const [, amount, byte, unit] = match;
  const bytes = Number(amount) * 1024 ** (powers[(byte ?? unit ?? 'b').toLowerCase()] ?? 0);
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}
