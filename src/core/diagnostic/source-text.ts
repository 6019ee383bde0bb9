/** Text with a name, and positions in it. Lines and columns count from 1; a column is a UTF-16 unit, as editors count. */

export interface SourceText {
  /** How the text is called in messages: a path as the user would write it, or `<stdin>`. */
  readonly name: string;
  readonly text: string;
  /** Where what is meant stands in the text, as a JSON Pointer: `/oci` of a package.json. The whole where absent. */
  readonly root?: RecipePath;
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
  return createPlacer(source)(span);
}

/** placeOf for many spans of one text: the lines are counted once. */
export function createPlacer(source: SourceText): (span: Span) => Place {
  const starts = lineStarts(source.text);
  return (span) => {
    const start = Math.min(span.start, source.text.length);
    const line = lineAt(starts, start);
    return { file: source.name, span, line: line + 1, column: start - (starts[line] ?? 0) + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The number, from 0, of the last line that starts at or before the offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Adds a component to a JSON Pointer (RFC 6901, section 3: `~` and `/` are escaped). */
export function joinPointer(pointer: RecipePath, key: string | number): RecipePath {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
