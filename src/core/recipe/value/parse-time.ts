/** Times as a recipe writes them: RFC 3339 with a zone, or whole seconds since 1970. */
import type { Timestamp } from '../../tree/file-tree.ts';

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** RFC 3339, section 5.6; a leap second is the second after it. Undefined for what is no time. */
export function parseRfc3339(text: string): Timestamp | undefined {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Fields;
  const offset = offsetOf(match.slice(8));
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60 || offset === undefined) return undefined;
  const local = daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
  const nanoseconds = Number((match[7] ?? '').padEnd(9, '0'));
  const seconds = local - offset;
  // A zone or a leap second can lead out of the years that RFC 3339 can write.
  if (seconds < firstSecond || seconds > lastSecond) return undefined;
  return { seconds, ...(nanoseconds === 0 ? {} : { nanoseconds }) };
}

/** 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
const firstSecond = -62_167_219_200;
const lastSecond = 253_402_300_799;

type Fields = [number, number, number, number, number, number];

/** Seconds east of UTC; `Z` has no parts. */
function offsetOf([sign, hours = '0', minutes = '0']: readonly (string | undefined)[]): number | undefined {
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return sign === '-' ? -seconds : seconds;
}

/** Whole seconds since 1970 as decimal digits, within what every tar field can hold. */
export function parseSeconds(text: string): Timestamp | undefined {
  if (!/^-?\d{1,15}$/.test(text)) return undefined;
  // `-0` is 0.
  return { seconds: Number(text) || 0 };
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** The proleptic Gregorian calendar, counted in years that begin in March. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
