/** One thing in which two images differ, and how it is said: as a person would who looks at both. */

export interface Found {
  /** What kind of thing it is, for counting: `mtime`, `label`, `history created`. */
  readonly field: string;
  /** The thing itself: `app/server.js: mtime`, ``label `team` ``. Safe to print, as the two values are. */
  readonly what: string;
  /** Absent where that side has no such thing. */
  readonly rebuilt?: string;
  readonly given?: string;
}

export interface Difference extends Found {
  /** The document or layer that it is in: `config`, ``layer 3 `copy dist` ``. */
  readonly where: string;
}

/** Two of a kind: what was made again, and what was there to be held against it. */
export interface Sides<T> {
  readonly rebuilt: T;
  readonly given: T;
}

/** One line without a full stop; `names` is what the two sides are called. */
export function formatDifference(difference: Difference, names: Sides<string>): string {
  const { where, what, rebuilt, given } = difference;
  if (rebuilt !== undefined && given !== undefined) return `${where}: ${what} ${rebuilt} ≠ ${given}`;
  if (given !== undefined)
    return `${where}: ${what}: ${given} in ${names.given}, nothing in ${names.rebuilt}`;
  if (rebuilt !== undefined)
    return `${where}: ${what}: ${rebuilt} in ${names.rebuilt}, nothing in ${names.given}`;
  return `${where}: ${what}`;
}

/** A difference of two texts, none where they are equal. */
export function* unequal(
  subject: { readonly field: string; readonly what: string },
  { rebuilt, given }: Sides<string | undefined>,
): Generator<Found> {
  if (rebuilt === given) return;
  yield {
    ...subject,
    ...(rebuilt === undefined ? {} : { rebuilt }),
    ...(given === undefined ? {} : { given }),
  };
}

/** What was found, with where it was. */
export function* placedIn(where: string, found: Iterable<Found>): Generator<Difference> {
  for (const one of found) yield { ...one, where };
}
