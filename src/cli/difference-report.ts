/** What is said of two images that should be one: the first difference, and of an image made elsewhere the kinds of all. */
import { type Difference, formatDifference, type Sides } from '../core/compare/difference.ts';
import { formatCount } from '../io/render/quantity.ts';
import { columnsText } from './columns.ts';

export interface DifferenceReport {
  readonly first: Difference;
  /** Each kind of field that differs, with how often and where first; only where all differences were looked at. */
  readonly fields?: readonly DifferingField[];
}

export interface DifferingField {
  readonly field: string;
  readonly count: number;
  readonly first: Difference;
}

/** How far to look: `first` stops after the first difference. */
export type Reach = 'first' | 'all';

/** Undefined where there is no difference. */
export async function reportDifferences(
  differences: AsyncIterable<Difference>,
  reach: Reach,
): Promise<DifferenceReport | undefined> {
  const fields = new Map<string, DifferingField>();
  let first: Difference | undefined;
  for await (const difference of differences) {
    first ??= difference;
    if (reach === 'first') return { first };
    const known = fields.get(difference.field);
    fields.set(difference.field, {
      field: difference.field,
      count: (known?.count ?? 0) + 1,
      first: known?.first ?? difference,
    });
  }
  return first === undefined ? undefined : { first, fields: [...fields.values()] };
}

/** A row a field, the first of each written out. */
export function fieldsText(fields: readonly DifferingField[], names: Sides<string>): string {
  const rows = fields.map(({ field, count, first }) => [
    field,
    `${String(count)}×`,
    formatDifference(first, names),
  ]);
  const all = fields.reduce((sum, { count }) => sum + count, 0);
  return `${formatCount(all, 'difference')} in ${formatCount(fields.length, 'field')}\n${columnsText(rows)}`;
}
