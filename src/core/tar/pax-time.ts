/** Times in PAX records: decimal seconds since 1970, perhaps negative, perhaps with a fraction (POSIX pax, mtime). */
import type { Timestamp } from '../tree/file-tree.ts';

const nanosecondsInSecond = 1_000_000_000;

/** `12`, `-1`, `0.5`, `-0.25`: the shortest exact form. */
export function formatPaxTime(time: Timestamp): string {
  const nanoseconds = time.nanoseconds ?? 0;
  if (nanoseconds === 0) return String(time.seconds);
  if (time.seconds >= 0) return `${String(time.seconds)}${fraction(nanoseconds)}`;
  // A timestamp counts nanoseconds upwards from its second, decimal text away from zero.
  return `-${String(-(time.seconds + 1))}${fraction(nanosecondsInSecond - nanoseconds)}`;
}

function fraction(nanoseconds: number): string {
  return `.${String(nanoseconds).padStart(9, '0').replace(/0+$/, '')}`;
}

/** The inverse; digits beyond nanoseconds are cut. Undefined for anything else than such a number. */
export function parsePaxTime(text: string): Timestamp | undefined {
  const match = /^(-?)([0-9]{1,16})(?:\.([0-9]*))?$/.exec(text);
  if (match === null) return undefined;
  const whole = Number(match[2]);
  const nanoseconds = Number((match[3] ?? '').slice(0, 9).padEnd(9, '0'));
  if (!Number.isSafeInteger(whole)) return undefined;
  if (match[1] === '') return timestamp(whole, nanoseconds);
  return nanoseconds === 0 ? timestamp(-whole, 0) : timestamp(-whole - 1, nanosecondsInSecond - nanoseconds);
}

function timestamp(seconds: number, nanoseconds: number): Timestamp {
  // `-0` and `0` are one time.
  return nanoseconds === 0 ? { seconds: seconds + 0 } : { seconds, nanoseconds };
}
