/**
 * Two image configs, or two manifests, field by field: lists whose items have names of their own (environment, labels,
 * ports, volumes, annotations) item by item, everything else whole. What neither specification names is compared too.
 * An empty value is the same as none, since docker writes one where others write the other.
 */
import { canonicalJson } from '../digest/canonical-json.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import type { Manifest } from '../oci/manifest.ts';

export interface FieldDifference {
  /** As `inspect` calls it: `env`, `label`, `user`; a member that has no other name by its own. */
  readonly field: string;
  /** Of an item: the variable, label, annotation, port or volume. */
  readonly key?: string;
  /** Absent where the field was not there; JSON. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The config but for its diffIDs, which are the layers' to tell. */
export function compareConfigs(before: ImageConfig, after: ImageConfig): FieldDifference[] {
  return compareFields(configFields(before), configFields(after));
}

/** The manifest but for its layers and its config's digest. */
export function compareManifests(before: Manifest, after: Manifest): FieldDifference[] {
  return compareFields(manifestFields(before), manifestFields(after));
}

export type Field = Omit<FieldDifference, 'before' | 'after'> & { readonly value: unknown };

export function configFields({ config = {}, rootfs, ...own }: ImageConfig): Field[] {
  const { os, architecture, variant, ...others } = own;
  const platform = [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
  return [{ field: 'platform', value: platform }, ...fieldsOf(config), ...fieldsOf(others)];
}

export function manifestFields({ config, layers, schemaVersion, ...own }: Manifest): Field[] {
  return [...fieldsOf(own), { field: 'config media type', value: config.mediaType }];
}

function fieldsOf(document: object): Field[] {
  return Object.entries(document).flatMap(([name, value]) => fieldsOfMember(name, value));
}

function fieldsOfMember(name: string, value: unknown): Field[] {
  switch (name) {
    case 'Env':
      return environmentFields(value as readonly string[]);
    case 'Labels':
    case 'annotations':
      return Object.entries(value as Readonly<Record<string, unknown>>).map(([key, item]) => ({
        field: name === 'Labels' ? 'label' : 'annotation',
        key,
        value: item,
      }));
    case 'ExposedPorts':
    case 'Volumes':
      return Object.keys(value as object).map((key) => ({
        field: name === 'Volumes' ? 'volume' : 'port',
        key,
        value: true,
      }));
    default:
      return isEmpty(value) ? [] : [{ field: memberNames[name] ?? name, value }];
  }
}

const memberNames: Readonly<Record<string, string>> = {
  User: 'user',
  WorkingDir: 'workdir',
  Entrypoint: 'entrypoint',
  Cmd: 'cmd',
  StopSignal: 'stop signal',
  Healthcheck: 'healthcheck',
  Shell: 'shell',
  OnBuild: 'onbuild',
  mediaType: 'media type',
  artifactType: 'artifact type',
};

/** The last of several entries of one name counts, as a process sees it; the order is a field of its own. */
function environmentFields(entries: readonly string[]): Field[] {
  const values = new Map(entries.map(splitEntry));
  const fields = [...values].map(([key, value]) => ({ field: 'env', key, value }));
  return [...fields, { field: environmentOrder, value: entries.map((entry) => splitEntry(entry)[0]) }];
}

const environmentOrder = 'order of env';

function splitEntry(entry: string): [name: string, value: string] {
  const equals = entry.indexOf('=');
  return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
}

function isEmpty(value: unknown): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

function compareFields(before: readonly Field[], after: readonly Field[]): FieldDifference[] {
  const [old, now] = [tableOf(before), tableOf(after)];
  const identities = [...new Set([...old.keys(), ...now.keys()])].sort();
  return identities.flatMap((identity) => fieldDifference(old.get(identity), now.get(identity)));
}

function tableOf(fields: readonly Field[]): Map<string, Field> {
  return new Map(fields.map((one) => [canonicalJson([one.field, one.key ?? '']), one]));
}

function fieldDifference(before: Field | undefined, after: Field | undefined): FieldDifference[] {
  const { field, key } = before ?? after ?? { field: '' };
  if (field === environmentOrder) return orderDifference(before?.value, after?.value);
  if (before !== undefined && after !== undefined && equal(before.value, after.value)) return [];
  return [
    {
      field,
      ...(key === undefined ? {} : { key }),
      ...(before === undefined ? {} : { before: before.value }),
      ...(after === undefined ? {} : { after: after.value }),
    },
  ];
}

/** The order of the names that both have; what was added or removed is told already. */
function orderDifference(before: unknown, after: unknown): FieldDifference[] {
  const [old, now] = [before, after].map((names) => (names ?? []) as readonly string[]);
  const common = (names: readonly string[] = [], others: readonly string[] = []): readonly string[] =>
    names.filter((name) => others.includes(name));
  const [was, is] = [common(old, now), common(now, old)];
  return equal(was, is) ? [] : [{ field: environmentOrder, before: was, after: is }];
}

function equal(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
