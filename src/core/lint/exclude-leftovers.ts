/** The recipe without what its copies take along by mistake: the one finding that has a cure without a side effect. */
import type { SourceText } from '../diagnostic/source-text.ts';
import { addToList } from '../recipe/add-to-list.ts';
import type { PlacedFinding } from './file-finding.ts';

/** The same text where there is nothing to leave out, or no place to say so. */
export function excludeLeftovers(source: SourceText, findings: readonly PlacedFinding[]): SourceText {
  const { root = '' } = source;
  let { text } = source;
  for (const [at, globs] of excludesOf(findings)) {
    text = addToList(text, { at: `${root}${at}`, key: 'exclude', values: [...globs] }) ?? text;
  }
  return { ...source, text };
}

/** The globs for each copy. */
function excludesOf(findings: readonly PlacedFinding[]): Map<string, Set<string>> {
  const excludes = new Map<string, Set<string>>();
  for (const { at, exclude } of findings) {
    if (exclude === undefined) continue;
    excludes.set(at, (excludes.get(at) ?? new Set()).add(exclude));
  }
  return excludes;
}
