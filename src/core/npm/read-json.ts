/** Values of JSON that another program wrote: taken where they are what they should be, passed over where not. */

export type JsonMap = Readonly<Record<string, unknown>>;

/** The map that a text of JSON holds; undefined where it is none. */
export function mapText(text: string): JsonMap | undefined {
  try {
    return mapOf(JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text));
  } catch {
    return undefined;
  }
}

export function mapOf(value: unknown): JsonMap | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonMap)
    : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function flagOf(value: unknown): boolean {
  return value === true;
}

/** A list of texts; a single one stands for a list of one. */
export function textsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;
}

/** The members of a map that are texts. */
export function textsIn(value: unknown): ReadonlyMap<string, string> {
  const entries = Object.entries(mapOf(value) ?? {});
  return new Map(entries.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : [])));
}
