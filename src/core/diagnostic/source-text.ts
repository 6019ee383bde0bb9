/** Text with a name, and positions in it. Lines and columns count from 1; a column is a UTF-16 unit, as editors count. */

export interface SourceText {
  /** How the text is called in messages: a path as the user would write it, or `<stdin>`. */
  readonly name: string;
  readonly text: string;
}

/** A half-open range of UTF-16 offsets into a source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where something stands in a text: the text's name and a span, with the first character's line and column. */
export interface Place {
  readonly file: string;
  readonly span: Span;
  readonly line: number;
  readonly column: number;
}

/** JSON Pointer (RFC 6901) into a recipe; the empty string is the whole document. */
export type RecipePath = string;

/** The place of each value of a recipe, and of each key (`keys`), by JSON Pointer. */
export interface Places {
  readonly values: ReadonlyMap<RecipePath, Span>;
  readonly keys: ReadonlyMap<RecipePath, Span>;
}

/** Turns a span of `source` into a place. Never fails: offsets past the end stand at the end. */
export function placeOf(source: SourceText, span: Span): Place {
  const before = source.text.slice(0, span.start);
  const line = before.split('\n').length;
  const column = span.start - (before.lastIndexOf('\n') + 1) + 1;
  return { file: source.name, span, line, column };
}
