/** "Did you mean …?": the known name nearest to one that is not known, by edits of single characters. */

/** Undefined where no candidate is near enough to be meant. Upper and lower case, `-` and `_` weigh nothing. */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = simplify(name);
  // A name far longer than any that is known is no slip of the finger, and its distance would cost time.
  if (wanted.length > 64) return undefined;
  const most = Math.max(1, Math.floor(wanted.length / 3));
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, simplify(candidate));
    if (distance <= most && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/**
 * The names nearest to one that is not known, at most six, those first that begin most like it: for lists of thousands,
 * in which several are as near. An edit more than for `suggest` may be between them. 60,000 names take half a second.
 */
export function suggestSeveral(name: string, candidates: Iterable<string>): string[] {
  const wanted = simplify(name);
  if (wanted.length > 64) return [];
  let least = Math.max(1, Math.ceil(wanted.length / 3));
  let near: string[] = [];
  for (const candidate of candidates) {
    const simple = simplify(candidate);
    if (Math.abs(simple.length - wanted.length) > least) continue;
    const distance = editDistance(wanted, simple);
    if (distance < least) near = [];
    least = Math.min(least, distance);
    if (distance === least) near.push(candidate);
  }
  const common = new Map(near.map((candidate) => [candidate, commonLength(wanted, simplify(candidate))]));
  const byBeginning = (a: string, b: string): number => (common.get(b) ?? 0) - (common.get(a) ?? 0);
  return near.sort().sort(byBeginning).slice(0, 6);
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** As the help of a diagnostic: the question, or what there is. */
export function suggestion(name: string, candidates: readonly string[]): string | undefined {
  const near = suggest(name, candidates);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  if (candidates.length === 0) return undefined;
  return `known here: ${candidates.slice(0, 30).join(', ')}`;
}

/** A suggestion, and what there is to say in any case. */
export function suggestionAnd(near: string | undefined, more: string): string {
  return near === undefined ? more : `${near}${near.endsWith('?') ? '' : ';'} ${more}`;
}

function simplify(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** Optimal string alignment: insertions, deletions, substitutions, and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          (above[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (above[column - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (twoAbove[column - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    twoAbove = above;
    above = current;
  }
  return above[b.length] ?? 0;
}
