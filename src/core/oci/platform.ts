/**
 * Platforms (image-spec image-index.md, `platform`), written and read as github.com/containerd/platforms does:
 * `os[(version+feature…)]/architecture[/variant]`, or the os or the architecture alone.
 */
import { isKnownArchitecture, isKnownOs, normalizeArchitecture, normalizeOs } from './platform-names.ts';

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly 'os.version'?: string;
  readonly 'os.features'?: readonly string[];
}

export type PlatformProblem = 'wildcard' | 'malformed' | 'unknown';
export type PlatformParse =
  | { readonly ok: true; readonly platform: Platform }
  | { readonly ok: false; readonly reason: PlatformProblem };

/** `linux/arm/v7`: os, architecture and, where there is one, variant. */
export function formatPlatform(platform: Platform): string {
  return joinParts(platform.os, platform);
}

/** `windows(10.0.17763+win32k)/amd64`: with version and features; parses to the same platform, features sorted. */
export function formatPlatformInFull(platform: Platform): string {
  const features = [...(platform['os.features'] ?? [])].filter((feature) => feature !== '').sort(byCodeUnit);
  const parts = [platform['os.version'] ?? '', ...features].map(encodeOption);
  const options = parts.join('+');
  return joinParts(options === '' ? platform.os : `${platform.os}(${options})`, platform);
}

/**
 * Parses a platform. Names that others use are translated (`x86_64`, `aarch64`, `armhf`, `macos`); a part that is left
 * out is taken from `local`, which is linux/amd64 and never this machine unless the caller says so.
 */
export function parsePlatform(text: string, local: Platform = defaultPlatform): PlatformParse {
  if (text.includes('*')) return refuse('wildcard');
  const [first = '', ...rest] = text.split('/', 4);
  const os = parseOs(first);
  if (os === undefined || !rest.every((part) => /^[A-Za-z0-9_.-]+$/.test(part))) return refuse('malformed');
  const [architecture, variant, excess] = rest;
  if (excess !== undefined) return refuse('malformed');
  if (architecture === undefined) return completePlatform(first, os, local);
  return { ok: true, platform: platformOf(os, architecture, variant) };
}

const defaultPlatform: Platform = { os: 'linux', architecture: 'amd64' };

type OsPart = Pick<Platform, 'os' | 'os.version' | 'os.features'>;

function refuse(reason: PlatformProblem): PlatformParse {
  return { ok: false, reason };
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function joinParts(first: string, { architecture, variant }: Platform): string {
  return [first, architecture, variant].filter((part) => part !== undefined && part !== '').join('/');
}

function parseOs(text: string): OsPart | undefined {
  const match = /^([\w-]+)(?:\(([\w.%-]*)((?:\+[\w.%-]+)*)\))?$/.exec(text);
  if (match === null) return undefined;
  const [, name = '', version = '', features = ''] = match;
  const options = [version, ...features.split('+').slice(1)].map(decodeOption);
  const [decoded, ...decodedFeatures] = options.filter((option) => option !== undefined);
  if (decoded === undefined || decodedFeatures.length + 1 !== options.length) return undefined;
  return {
    os: normalizeOs(name),
    ...(decoded === '' ? {} : { 'os.version': decoded }),
    ...(decodedFeatures.length === 0 ? {} : { 'os.features': decodedFeatures }),
  };
}

/** One part alone: a known os, else a known architecture. */
function completePlatform(text: string, os: OsPart, local: Platform): PlatformParse {
  if (isKnownOs(os.os)) return { ok: true, platform: platformOf(os, local.architecture, local.variant) };
  const { architecture } = normalizeArchitecture(text, '');
  if (!isKnownArchitecture(architecture)) return refuse('unknown');
  return { ok: true, platform: platformOf({ os: local.os }, text, undefined) };
}

/** arm/v7 is written without its variant unless it was asked for, and arm64/v8 with it only then, as containerd does. */
function platformOf(os: OsPart, architecture: string, variant: string | undefined): Platform {
  const normal = normalizeArchitecture(architecture, variant ?? '');
  const shown = variant === undefined ? implied(normal) : explicit(normal);
  const { os: name, ...options } = os;
  return {
    os: name,
    architecture: normal.architecture,
    ...(shown === '' ? {} : { variant: shown }),
    ...options,
  };
}

function implied({ architecture, variant }: { architecture: string; variant: string }): string {
  return architecture === 'arm' && variant === 'v7' ? '' : variant;
}

function explicit({ architecture, variant }: { architecture: string; variant: string }): string {
  return architecture === 'arm64' && variant === '' ? 'v8' : variant;
}

function encodeOption(text: string): string {
  return text.replace(
    /[%+()/]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function decodeOption(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // a percent sign without two hex digits, or bytes that are not UTF-8
  }
}
