/**
 * Text from outside, made safe to print: what would move a cursor, break a line, or turn the reading direction becomes
 * a visible escape. Everything else, letters of any script too, stays as it is.
 *
 * Escaped are the C0 and C1 controls and DEL (`\x1b`), bidirectional controls (Unicode UAX #9, section 2: `\u202e`),
 * the line and paragraph separators, and lone surrogates; one that stands for a byte of a name (see
 * core/tree/image-path.ts) becomes that byte, `\xff`.
 */

// \p{Cc} is C0, DEL and C1; with the u flag \p{Cs} matches a surrogate only where it stands alone.
const unsafe = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/gu;

/** The text on one line, with every character that a terminal could act on shown as an escape. */
export function escapeText(text: string): string {
  return text.replace(unsafe, escapeUnit);
}

/** The text in backticks, escaped, and shortened in the middle where it is longer than `limit` UTF-16 units. */
export function quoteText(text: string, limit = 120): string {
  return `\`${escapeText(shorten(text, limit))}\``;
}

function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = Math.floor((limit - 1) / 2);
  return `${text.slice(0, kept)}…${text.slice(-kept)}`;
}

function escapeUnit(unit: string): string {
  const code = unit.charCodeAt(0);
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
