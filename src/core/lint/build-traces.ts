/** What a build leaves of itself in the files that it makes: where it ran, and when. */
import type { FileFinding } from './file-finding.ts';

export interface BuildFacts {
  /** Folders of this computer that no file should name: the context, the user's home. */
  readonly folders: readonly string[];
  /** UTC seconds that a build may say: SOURCE_DATE_EPOCH. */
  readonly epoch: number;
}

export interface WrittenFile {
  /** A path in the image. */
  readonly name: string;
  /** Its bytes, one a character (latin1). */
  readonly text: string;
  /** UTC seconds at which it was last written here. */
  readonly writtenAt: number;
}

/** Whether a folder is named: alone, or with what is below it. */
export function pathFinding({ name, text }: WrittenFile, { folders }: BuildFacts): FileFinding | undefined {
  const isNamed = folders.some((folder) => namesFolder(text, folder));
  return isNamed ? { ...buildPath, name } : undefined;
}

function namesFolder(text: string, folder: string): boolean {
  for (let at = text.indexOf(folder); at >= 0; at = text.indexOf(folder, at + 1)) {
    const next = text.charAt(at + folder.length);
    if (!/[\w.-]/.test(next) && !/[\w.-]/.test(text.charAt(at - 1))) return true;
  }
  return false;
}

/**
 * Times in a file that are about the time at which it was written. Its own time is what makes them stand out: a date in
 * a document, or in the code of a package, is an old one.
 */
export function timeFinding(file: WrittenFile, { epoch }: BuildFacts): FileFinding | undefined {
  const { text, writtenAt, name } = file;
  for (const time of timesIn(text)) {
    const isNew = time.seconds - writtenAt < 60 + time.zone && writtenAt - time.seconds < 3600 + time.zone;
    if (isNew && time.seconds !== epoch) return { ...buildTime, name };
  }
  return undefined;
}

interface FoundTime {
  readonly seconds: number;
  /** By how many seconds it may be off, where no zone is said. */
  readonly zone: number;
}

const iso = /\b(20\d\d)-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)/g;
const milliseconds = /(?<!\d)1[5-9]\d{11}(?!\d)/g;
/** `Nov 26 2026 20:15:01`, as C's __DATE__ and JavaScript write it, and `26 Nov 2026 20:15:01`. */
const words =
  /\b(?:(?<m1>[A-Z][a-z]{2}) {1,2}(?<d1>\d{1,2})|(?<d2>\d{1,2}) (?<m2>[A-Z][a-z]{2})) (?<y>20\d\d)[ ,\0"]{1,3}(?<h>\d\d):(?<min>\d\d):(?<s>\d\d)/g;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const anyZone = 14 * 3600;

function* timesIn(text: string): Generator<FoundTime> {
  for (const [, year, month, day, hour, minute, second] of text.matchAll(iso)) {
    const at = [year, Number(month) - 1, day, hour, minute, second].map(Number);
    yield { seconds: utc(at), zone: 0 };
  }
  for (const [digits] of text.matchAll(milliseconds)) yield { seconds: Number(digits) / 1000, zone: 0 };
  for (const { groups = {} } of text.matchAll(words)) {
    const month = months.indexOf(groups['m1'] ?? groups['m2'] ?? '');
    const { y, h, min, s } = groups;
    if (month >= 0)
      yield { seconds: utc([y, month, groups['d1'] ?? groups['d2'], h, min, s].map(Number)), zone: anyZone };
  }
}

function utc([year = 0, month = 0, day = 0, hour, minute, second]: readonly number[]): number {
  return Date.UTC(year, month, day, hour, minute, second) / 1000;
}

/** Times in the headers of gzip and zip files that are about the time at which these were written. */
export function archiveFinding({ name, text, writtenAt }: WrittenFile): FileFinding | undefined {
  const seconds = gzipTime(text) ?? zipTime(text);
  const isNew = seconds !== undefined && Math.abs(seconds - writtenAt) < 3600 + anyZone;
  return isNew ? { ...archiveTime, name } : undefined;
}

/** RFC 1952, 2.3.1: MTIME is the four bytes behind the flags; 0 says that there is none. */
function gzipTime(text: string): number | undefined {
  if (!text.startsWith('\x1f\x8b\x08')) return undefined;
  const seconds = number(text, 4, 4);
  return seconds === 0 ? undefined : seconds;
}

/** APPNOTE.TXT 4.3.7 and 4.4.6: time and date of the first file, in MS-DOS's form and the time zone of whoever made it. */
function zipTime(text: string): number | undefined {
  if (!text.startsWith('PK\x03\x04')) return undefined;
  const [time, date] = [number(text, 10, 2), number(text, 12, 2)];
  const day = [1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31];
  return utc([...day, time >> 11, (time >> 5) & 63, (time & 31) * 2]);
}

/** PEP 552: without flags, the time of the source follows. */
export function bytecodeFinding({ name, text }: WrittenFile): FileFinding | undefined {
  if (!name.endsWith('.pyc') || text.slice(2, 4) !== '\r\n') return undefined;
  return number(text, 4, 4) === 0 && number(text, 8, 4) !== 0 ? { ...bytecodeTime, name } : undefined;
}

/** Little-endian. */
function number(text: string, at: number, length: number): number {
  let value = 0;
  for (let index = at + length - 1; index >= at; index -= 1)
    value = value * 256 + (text.charCodeAt(index) || 0);
  return value;
}

type Said = Omit<FileFinding, 'name'>;

const buildPath: Said = {
  code: 'lint/build-path',
  says: 'the folder of the build, or of its user, is named in',
  help: 'tell the tool that made it to write relative paths (source maps: `sourceRoot`), or leave it out',
};
const buildTime: Said = {
  code: 'lint/build-time',
  says: 'the time of the build stands in',
  help: 'take the time from SOURCE_DATE_EPOCH, or from the commit, or say none',
};
const archiveTime: Said = {
  code: 'lint/archive-time',
  says: 'the time at which it was made stands in the header of',
  help: 'make it without (`gzip -n`), or from files whose times are set (`zip -X` after `touch -d`)',
};
const bytecodeTime: Said = {
  code: 'lint/bytecode-time',
  says: 'the time of the source stands in',
  help: 'compile with `python -m compileall --invalidation-mode checked-hash`, or exclude **/*.pyc',
};
