/**
 * Where an image may be read: the mirrors of its namespace in their order, then its own place
 * (containers-registries.conf(5), Remapping and mirroring registries). Only reads are led elsewhere; pushes never are.
 */
import type { RegistryTable, Transport } from './registries-conf.ts';

export interface Place {
  readonly registry: string;
  /** The repository there. */
  readonly name: string;
  readonly transport: Transport;
}

export interface Wanted {
  readonly registry: string;
  readonly name: string;
  /** How the image is named: some mirrors serve one kind only. */
  readonly by: 'tag' | 'digest';
}

/** The table of a repository: the one with the longest prefix that it stands under. */
export function tableFor(
  tables: readonly RegistryTable[],
  wanted: Pick<Wanted, 'registry' | 'name'>,
): RegistryTable | undefined {
  const matching = tables.filter(({ prefix }) => matchedLength(prefix, wanted) !== undefined);
  return matching.reduce<RegistryTable | undefined>(
    (best, table) => (best === undefined || table.prefix.length > best.prefix.length ? table : best),
    undefined,
  );
}

/** Every place in the order in which to ask; never empty. Whether the table forbids it all is the caller's question. */
export function readingPlaces(
  table: RegistryTable | undefined,
  wanted: Wanted,
): readonly [Place, ...Place[]] {
  const { registry, name, by } = wanted;
  if (table === undefined) return [{ registry, name, transport: 'tls' }];
  const mirrors = table.mirrors.filter(({ pulls }) => pulls === 'all' || pulls === `${by}-only`);
  const places = mirrors.map(({ location, transport }) => placeAt(location, transport, { table, wanted }));
  const own =
    table.location === undefined
      ? { registry, name, transport: table.transport }
      : placeAt(table.location, table.transport, { table, wanted });
  const [first, ...rest] = [...places, own] as const;
  return [first, ...rest];
}

/** The place with `location` instead of the prefix. */
function placeAt(
  location: string,
  transport: Transport,
  { table, wanted }: { readonly table: RegistryTable; readonly wanted: Wanted },
): Place {
  const rest = `${wanted.registry}/${wanted.name}`.slice(matchedLength(table.prefix, wanted));
  const whole = `${location}${rest}`;
  const slash = whole.indexOf('/');
  // A location that takes the place of a whole repository may name none: the client refuses the empty name.
  return slash < 0
    ? { registry: whole, name: '', transport }
    : { registry: whole.slice(0, slash), name: whole.slice(slash + 1), transport };
}

/** How much of `REGISTRY/NAME` the prefix covers, or undefined where it does not stand under it. */
function matchedLength(
  prefix: string,
  { registry, name }: Pick<Wanted, 'registry' | 'name'>,
): number | undefined {
  if (prefix.startsWith('*.')) {
    const host = registry.replace(/:\d+$/, '');
    return host.endsWith(prefix.slice(1)) && host.length > prefix.length - 1 ? registry.length : undefined;
  }
  return `${registry}/${name}/`.startsWith(`${prefix}/`) ? prefix.length : undefined;
}
