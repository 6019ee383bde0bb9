/** Single values of a recipe in their final type. What cannot be one is reported and comes back as undefined. */
import { suggestion } from '../../diagnostic/suggest.ts';
import { quoteText } from '../../diagnostic/escape-text.ts';
import { joinPointer, type RecipePath } from '../../diagnostic/source-text.ts';
import { fromBase64, toBase64 } from '../../digest/base64.ts';
import { normalizePlatform } from '../../oci/normalize-platform.ts';
import { knownArchitectures } from '../../oci/platform-names.ts';
import { formatPlatform, parsePlatform, type Platform } from '../../oci/platform.ts';
import type { Timestamp } from '../../tree/file-tree.ts';
import type { Compression, Created } from '../recipe.ts';
import type { Report } from '../reporter.ts';
import { parseDuration, parseSize } from '../value/parse-quantity.ts';
import { parseRfc3339, parseSeconds } from '../value/parse-time.ts';
import { isXattrName, parseXattr } from '../value/parse-xattr.ts';

/** Where a value stands and how its problems are told. */
export interface Spot {
  readonly at: RecipePath;
  readonly report: Report;
}

export function readPlatforms(texts: readonly string[], { at, report }: Spot): Platform[] {
  const seen = new Set<string>();
  const platforms: Platform[] = [];
  texts.forEach((text, index) => {
    const parsed = text.includes('/') ? parsePlatform(text) : undefined;
    const key = parsed?.ok === true ? formatPlatform(normalizePlatform(parsed.platform)) : '';
    if (parsed?.ok === true && !knownArchitectures.has(parsed.platform.architecture)) {
      report(joinPointer(at, index), noArchitecture(parsed.platform.architecture));
    } else if (parsed?.ok === true && !seen.has(key)) platforms.push(parsed.platform);
    else report(joinPointer(at, index), key === '' ? noPlatform(text) : doublePlatform(text));
    seen.add(key);
  });
  return platforms;
}

function noPlatform(text: string) {
  return {
    code: 'recipe/bad-platform',
    message: `${quoteText(text)} is no platform`,
    help: 'write OS/ARCHITECTURE[/VARIANT], such as linux/arm64 or linux/arm/v7',
  } as const;
}

/** An image for it would only be found missing by whoever pulls it. */
function noArchitecture(architecture: string) {
  return {
    code: 'recipe/bad-platform',
    message: `no architecture is called ${quoteText(architecture)}`,
    help: suggestion(architecture, [...knownArchitectures]),
  } as const;
}

function doublePlatform(text: string) {
  return {
    code: 'recipe/bad-platform',
    message: `the platform ${quoteText(text)} is named twice`,
    help: 'name it once',
  } as const;
}

export function readCreated(text: string, { at, report }: Spot): Created | undefined {
  if (text === 'epoch' || text === 'commit') return text;
  const time = parseRfc3339(text);
  if (time?.nanoseconds === undefined && time !== undefined) return { seconds: time.seconds };
  report(at, badTime(text, '`epoch`, `commit`, or a time such as 2026-01-31T12:00:00Z'));
  return undefined;
}

export function readMtime(text: string, { at, report }: Spot): 'epoch' | Timestamp | undefined {
  if (text === 'epoch') return text;
  const time = parseSeconds(text) ?? parseRfc3339(text);
  if (time === undefined) {
    report(at, badTime(text, '`epoch`, seconds since 1970, or a time such as 2026-01-31T12:00:00Z'));
  }
  return time;
}

function badTime(text: string, expected: string) {
  return {
    code: 'recipe/bad-time',
    message: `${quoteText(text)} is no time`,
    help: `write ${expected}`,
  } as const;
}

/** Nanoseconds. */
export function readDuration(text: string, { at, report }: Spot): number | undefined {
  const duration = parseDuration(text);
  if (duration === undefined) {
    report(at, {
      code: 'recipe/bad-duration',
      message: `${quoteText(text)} is no duration`,
      help: 'write hours, minutes and seconds with their units, such as 1m30s',
    });
  }
  return duration;
}

/** Bytes. */
export function readSize(text: string, { at, report }: Spot): number | undefined {
  const size = parseSize(text);
  if (size === undefined) {
    report(at, {
      code: 'recipe/bad-size',
      message: `${quoteText(text)} is no size`,
      help: 'write bytes, or a number with k, m or g, such as 512m',
    });
  }
  return size;
}

export function readXattrs(
  values: Readonly<Record<string, string>>,
  { at, report }: Spot,
): Record<string, string> {
  const xattrs: [string, string][] = [];
  for (const [name, text] of Object.entries(values)) {
    const value = parseXattr(text);
    const spot = joinPointer(at, name);
    if (!isXattrName(name)) report(spot, badXattrName(name), 'key');
    else if (value === undefined) report(spot, badXattrValue(text));
    else xattrs.push([name, value]);
  }
  return Object.fromEntries(xattrs);
}

function badXattrName(name: string) {
  return {
    code: 'recipe/bad-xattr',
    message: `${quoteText(name)} is no name of an extended attribute`,
    help: 'begin it with user., security., trusted. or system.',
  } as const;
}

function badXattrValue(text: string) {
  return {
    code: 'recipe/bad-xattr',
    message: `${quoteText(text, 40)} is no value of an extended attribute`,
    help: 'write text, hex as 0x…, or base64 as 0s…, of at most 65536 bytes',
  } as const;
}

/** The same bytes as base64 with its padding and without blanks. */
export function readBase64(text: string, { at, report }: Spot): string | undefined {
  const bytes = fromBase64(text);
  if (bytes !== undefined) return toBase64(bytes);
  report(at, {
    code: 'recipe/bad-value',
    message: '`base64` holds characters that are not base64',
    help: 'write the output of base64(1), or the text itself as `content`',
  });
  return undefined;
}

/** The type alone stands for it with the level that it has where none is given. */
export type CompressionShape = Compression['type'] | CompressionMap;

interface CompressionMap {
  readonly type: Compression['type'];
  readonly level?: number | undefined;
}

export function readCompression(shape: CompressionShape = 'gzip'): Compression {
  const { type, level }: CompressionMap = typeof shape === 'string' ? { type: shape } : shape;
  switch (type) {
    case 'gzip':
      return { type, level: level ?? 6 };
    case 'zstd':
      return { type, level: level ?? 3 };
    case 'none':
      return { type };
  }
}

/** What the shape alone does not tell: `type: none` with a level beside it, and a level that only zstd has. */
export function checkLevel(shape: CompressionShape | undefined, { at, report }: Spot): void {
  if (typeof shape !== 'object' || shape.level === undefined) return;
  const problem =
    shape.type === 'none' ? levelOfNothing : shape.type === 'gzip' ? gzipLevel(shape.level) : undefined;
  if (problem !== undefined) report(at, problem);
}

const levelOfNothing = {
  code: 'recipe/bad-value',
  message: 'there is no level where nothing is compressed',
  help: 'remove `level`, or write type: gzip',
} as const;

function gzipLevel(level: number) {
  if (level <= 9) return undefined;
  return {
    code: 'recipe/bad-value',
    message: `\`level\` takes a number from 1 to 9 for gzip, not ${level}`,
    help: 'write a number from 1 to 9, or type: zstd, whose levels go to 19',
  } as const;
}

/** Octal digits, which the shape has checked. */
export function readMode(text: string): number {
  return Number.parseInt(text, 8);
}
