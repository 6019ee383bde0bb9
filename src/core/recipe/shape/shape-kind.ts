/** The few kinds of valibot schema that shapes are made of, so that a reader can answer each of them. */
import * as v from 'valibot';
import { text } from './value-shape.ts';

export type ObjectShape = v.StrictObjectSchema<v.ObjectEntries, undefined>;

export type Shape =
  | v.StringSchema<undefined>
  | v.NumberSchema<undefined>
  | v.BooleanSchema<undefined>
  | v.PicklistSchema<readonly string[], undefined>
  | v.ArraySchema<v.GenericSchema, undefined>
  | v.RecordSchema<v.StringSchema<undefined>, v.GenericSchema, undefined>
  | ObjectShape
  | v.UnionSchema<v.GenericSchema[], undefined>
  | v.OptionalSchema<v.GenericSchema, undefined>;

/** A pipe answers to the type of its first schema, so it is one of these too. */
export function shapeOf(schema: v.GenericSchema): Shape {
  return schema as Shape;
}

/** Without `optional` around it. */
export function innerShape(schema: v.GenericSchema): {
  readonly schema: v.GenericSchema;
  readonly shape: Shape;
} {
  const shape = shapeOf(schema);
  return shape.type === 'optional' ? innerShape(shape.wrapped) : { schema, shape };
}

/** Whether `${{ … }}` is replaced in texts of this shape. */
export function isSubstituted(schema: v.GenericSchema): boolean {
  return firstOf(schema) === text;
}

function firstOf(schema: v.GenericSchema): unknown {
  return 'pipe' in schema && Array.isArray(schema.pipe) ? schema.pipe[0] : schema;
}

/** What an object is called: `runtime`, `copy layer`. */
export function titleOf(schema: v.GenericSchema): string {
  return v.getTitle(schema) ?? 'map';
}
