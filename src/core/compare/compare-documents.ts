/**
 * Two image configs, or two manifests, field by field: lists whose items have names of their own (environment, labels,
 * ports, volumes, annotations) item by item, everything else whole. What neither specification names is compared too.
 * An empty value is the same as none, since docker writes one where others write the other.
 */
import { canonicalJson } from '../digest/canonical-json.ts';
import type { ContainerConfig, ImageConfig } from '../oci/image-config.ts';
import type { Manifest } from '../oci/manifest.ts';
import { splitVariable } from '../oci/split-variable.ts';
import { memberNames } from './member-names.ts';

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

/** A field of one document. */
export type Field = Omit<FieldDifference, 'before' | 'after'> & { readonly value: unknown };

export function configFields({ config = {}, rootfs, ...own }: ImageConfig): Field[] {
  const { os, architecture, variant, ...others } = own;
  const platform = [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
  return [
    { field: 'platform', value: platform },
    ...containerFields(config),
    ...wholeFields(others, asWritten),
  ];
}

function containerFields({ Env = [], Labels, ExposedPorts, Volumes, ...others }: ContainerConfig): Field[] {
  return [
    ...environmentFields(Env),
    ...itemFields('label', Labels),
    // Of these the names are all that there is.
    ...itemFields('port', ExposedPorts).map((field) => ({ ...field, value: true })),
    ...itemFields('volume', Volumes).map((field) => ({ ...field, value: true })),
    ...wholeFields(others, memberNames),
  ];
}

export function manifestFields({ config, layers, schemaVersion, annotations, ...own }: Manifest): Field[] {
  return [
    ...itemFields('annotation', annotations),
    ...wholeFields(own, memberNames),
    { field: 'config media type', value: config.mediaType },
  ];
}

function itemFields(field: string, items: Readonly<Record<string, unknown>> = {}): Field[] {
  return Object.entries(items).map(([key, value]) => ({ field, key, value }));
}

/** Beside the container's config no member has another name, so that none is taken for one of the container's. */
const asWritten: ReadonlyMap<string, string> = new Map();

function wholeFields(members: object, names: ReadonlyMap<string, string>): Field[] {
  const there = Object.entries(members as Readonly<Record<string, unknown>>).filter(
    ([, value]) => !isEmpty(value),
  );
  return there.map(([name, value]) => ({ field: names.get(name) ?? name, value }));
}

/** The last of several entries of one name counts, as a process sees it; the order is a field of its own. */
function environmentFields(entries: readonly string[]): Field[] {
  const values = new Map(entries.map(splitVariable));
  const fields = [...values].map(([key, value]) => ({ field: 'env', key, value }));
  return [...fields, { field: environmentOrder, value: entries.map((entry) => splitVariable(entry)[0]) }];
}

const environmentOrder = 'order of env';

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
