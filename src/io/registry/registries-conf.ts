/**
 * registries.conf, version 2 (containers-registries.conf(5)): where the images of a namespace are read from, and which
 * registries may be spoken to without TLS. Only `[[registry]]` matters here: our references always name their registry,
 * so search lists and aliases are passed over.
 */
import { parse, TomlError } from 'smol-toml';
import { escapeText } from '../../core/diagnostic/escape-text.ts';

/** Whether a place may answer over plain http. A certificate that is not trusted stays an error. */
export type Transport = 'tls' | 'tls-or-http';

export interface Mirror {
  /** `HOST[:PORT][/NAMESPACE…]`. */
  readonly location: string;
  readonly transport: Transport;
  readonly pulls: 'all' | 'digest-only' | 'tag-only';
}

export interface RegistryTable {
  /** `HOST[:PORT][/NAMESPACE…]`, or `*.DOMAIN`. */
  readonly prefix: string;
  /** What stands in for the prefix; undefined leaves references as they are. */
  readonly location: string | undefined;
  readonly transport: Transport;
  readonly blocked: 'blocked' | 'open';
  readonly mirrors: readonly Mirror[];
}

export type ConfParse =
  | { readonly ok: true; readonly tables: readonly RegistryTable[] }
  | { readonly ok: false; readonly problem: string };

/** The tables of a file's text. A problem is a clause to follow the file's name. */
export function parseRegistriesConf(text: string): ConfParse {
  try {
    const document = parse(text);
    if (document['registries'] !== undefined) throw new Wrong('is of version 1, which is not read');
    return { ok: true, tables: tablesIn(document, 'registry').map((table) => tableOf(table)) };
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, problem: error.message };
    if (!(error instanceof TomlError)) throw error;
    const [what = ''] = error.message.split('\n');
    return { ok: false, problem: `is not TOML, line ${String(error.line)}: ${escapeText(what)}` };
  }
}

type Table = Readonly<Record<string, unknown>>;

/** A mistake in the text; thrown and caught here. */
class Wrong extends Error {}

function tableOf(table: Table): RegistryTable {
  const location = placeIn(table, 'location');
  const prefix = placeIn(table, 'prefix') ?? location;
  if (prefix === undefined) throw new Wrong('has a [[registry]] without `prefix` and `location`');
  const wildcard = prefix.startsWith('*.');
  if (wildcard && /[/:*]/.test(prefix.slice(1)))
    throw new Wrong(`has the prefix ${quoted(prefix)}: a wildcard is *.DOMAIN`);
  if (!wildcard && location === undefined) throw new Wrong(`has no \`location\` for ${quoted(prefix)}`);
  const byDigest = flagIn(table, 'mirror-by-digest-only');
  return {
    prefix,
    location,
    transport: transportOf(table),
    blocked: flagIn(table, 'blocked') ? 'blocked' : 'open',
    mirrors: tablesIn(table, 'mirror').map((mirror) => mirrorOf(mirror, byDigest ? 'digest-only' : 'all')),
  };
}

function mirrorOf(table: Table, usual: Mirror['pulls']): Mirror {
  const location = placeIn(table, 'location');
  if (location === undefined) throw new Wrong('has a [[registry.mirror]] without `location`');
  const stated = textIn(table, 'pull-from-mirror') ?? '';
  if (stated === '') return { location, transport: transportOf(table), pulls: usual };
  if (usual !== 'all') throw new Wrong('has `pull-from-mirror` beside `mirror-by-digest-only`');
  if (stated !== 'all' && stated !== 'digest-only' && stated !== 'tag-only') {
    throw new Wrong(`has ${quoted(stated)} as \`pull-from-mirror\``);
  }
  return { location, transport: transportOf(table), pulls: stated };
}

function transportOf(table: Table): Transport {
  return flagIn(table, 'insecure') ? 'tls-or-http' : 'tls';
}

// HOST[:PORT][/PATH…] without a scheme; a tag or digest would name one image, which nobody mirrors alone.
function placeIn(table: Table, key: string): string | undefined {
  const place = textIn(table, key)?.replace(/\/+$/, '');
  if (place === undefined || place === '') return undefined;
  if (/^[a-z]+:\/\//.test(place))
    throw new Wrong(`has ${quoted(place)} as \`${key}\`: it is written without a scheme`);
  if (!/^[^/@\s]+(?:\/[^/:@\s]+)*$/.test(place))
    throw new Wrong(`has ${quoted(place)} as \`${key}\`, which is not HOST[:PORT][/PATH]`);
  return place;
}

function textIn(table: Table, key: string): string | undefined {
  const value = table[key];
  if (value === undefined || typeof value === 'string') return value;
  throw new Wrong(`has a \`${key}\` that is no text`);
}

function flagIn(table: Table, key: string): boolean {
  const value = table[key] ?? false;
  if (typeof value === 'boolean') return value;
  throw new Wrong(`has a \`${key}\` that is neither true nor false`);
}

function tablesIn(table: Table, key: string): readonly Table[] {
  const value = table[key] ?? [];
  if (Array.isArray(value)) return value as readonly Table[];
  throw new Wrong(`has \`${key}\` as one table; it is written [[${key}]]`);
}

function quoted(text: string): string {
  return `"${escapeText(text.slice(0, 200))}"`;
}
