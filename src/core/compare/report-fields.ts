/** The config and annotations of an image as named texts, each beside what the previous image says. */
import type { ImageSide } from './image-side.ts';
import {
  compareConfigs,
  compareManifests,
  configFields,
  type Field,
  type FieldDifference,
  manifestFields,
} from './compare-documents.ts';
import type { Change, ReportField } from './report.ts';

/** By name. Without a previous image everything is the same. */
export function reportFields(previous: ImageSide | undefined, image: ImageSide): ReportField[] {
  const differing = previous === undefined ? [] : differences(previous, image).map(differingField);
  const names = new Set(differing.map(({ name }) => name));
  const all = [...configFields(image.config), ...manifestFields(image.manifest)];
  const same = all.map(sameField).filter(({ name }) => !names.has(name));
  return [...differing, ...same].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function differences(previous: ImageSide, image: ImageSide): FieldDifference[] {
  return [
    ...compareConfigs(previous.config, image.config),
    ...compareManifests(previous.manifest, image.manifest),
  ];
}

function differingField(found: FieldDifference): ReportField {
  const { before, after } = found;
  return {
    name: nameOf(found),
    change: changeOf(found),
    ...(before === undefined ? {} : { before: textOf(before) }),
    ...(after === undefined ? {} : { now: textOf(after) }),
  };
}

function changeOf({ before, after }: FieldDifference): Change {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

function sameField(field: Field): ReportField {
  const now = textOf(field.value);
  return { name: nameOf(field), change: 'same', before: now, now };
}

function nameOf({ field, key }: Pick<Field, 'field' | 'key'>): string {
  return key === undefined ? field : `${field} ${key}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
