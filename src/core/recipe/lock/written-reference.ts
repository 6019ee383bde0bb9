/** Which references a text with substitutions may come to stand for, whatever its arguments are. */
import { findSubstitutions } from '../substitution.ts';

/**
 * Whether `reference`, in full, may be what `written` becomes. A text without arguments stands for itself alone, which
 * expanding the recipe has shown already, so it is not asked about here.
 */
export function mayStandFor(written: string, reference: string): boolean {
  const found = findSubstitutions(written);
  if (!found.some(({ expression }) => expression?.startsWith('args.') === true)) return false;
  const literals = found.map(({ start }, index) => written.slice(found[index - 1]?.end ?? 0, start));
  const last = written.slice(found.at(-1)?.end ?? 0);
  // Docker's defaults may stand before it (`docker.io/library/`) and after it (`:latest`).
  return (
    matchesInOrder([...literals, last], reference) ||
    matchesInOrder([...literals, last], withoutLatest(reference))
  );
}

function withoutLatest(reference: string): string {
  return reference.endsWith(':latest') ? reference.slice(0, -':latest'.length) : reference;
}

/** Whether the text holds the pieces one after the other, the last of them at its end. */
function matchesInOrder(pieces: readonly string[], text: string): boolean {
  let from = 0;
  for (const piece of pieces.slice(0, -1)) {
    const at = text.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  const last = pieces.at(-1) ?? '';
  return text.length - last.length >= from && text.endsWith(last);
}
