/** A value without its members that are undefined, as exactOptionalPropertyTypes wants it. */

export type Defined<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };

export function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
