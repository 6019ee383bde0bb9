/** Why an action runs, in the few words that stand beside it in a plan or a build. */
import { assertNever } from '../diagnostic/bug.ts';
import { escapeText } from '../diagnostic/escape-text.ts';
import type { Change } from './change.ts';
import type { ActionExplanation } from './explanation.ts';

export function shortReason({ action, verdict, changes }: ActionExplanation): string {
  switch (verdict) {
    case 'same':
    case 'lost':
      return 'the same as last time, but its result is gone';
    case 'new':
      return changes.length === 0 ? 'new in the recipe' : `added: ${namesOf(changes)}`;
    case 'gone':
      return 'no longer in the recipe';
    case 'changed':
      return action.kind === 'fetch' ? 'the base image has moved' : changedText(changes);
    default:
      return assertNever(verdict);
  }
}

function changedText(changes: readonly Change[]): string {
  const files = changes.filter(({ field }) => field === 'file');
  const packages = changes.filter(({ field }) => field === 'package');
  const others = changes.filter(({ field }) => field !== 'file' && field !== 'package');
  const verbs = ['changed', 'added', 'removed', 'renamed'] as const;
  const counts = verbs.map((verb) =>
    countOf(
      files.filter(({ change }) => change === verb),
      verb,
    ),
  );
  const words = [
    ...packageCounts(packages),
    ...counts,
    others.length === 0 ? '' : `changed: ${namesOf(others)}`,
  ];
  return words.filter((text) => text !== '').join('; ') || 'changed';
}

/** `2 files changed: server.js, routes.js`. */
function countOf(files: readonly Change[], verb: string): string {
  const names = [...new Set(files.map(({ name = '', key = '' }) => (name === '' ? key : name)))];
  return names.length === 0 ? '' : `${countText(names.length, 'file')} ${verb}: ${atMost(names)}`;
}

/** `1 package changed: undici 7.30.1 → 7.30.2`. */
function packageCounts(packages: readonly Change[]): string[] {
  return (['changed', 'added', 'removed'] as const).map((verb) => {
    const told = packages.filter(({ change }) => change === verb);
    const texts = told.map(({ name = '', before, after }) => {
      const versions = [before, after].flatMap((version) => (typeof version === 'string' ? [version] : []));
      return `${name} ${versions.join(' → ')}`;
    });
    return texts.length === 0 ? '' : `${countText(texts.length, 'package')} ${verb}: ${atMost(texts)}`;
  });
}

function countText(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}

/** `copy dist, env PORT`; a layer is named by its label alone. */
function namesOf(changes: readonly Change[]): string {
  const names = changes.map(({ field, key }) => {
    if (key === undefined || field === '.dockerignore') return field;
    return field === 'layer' || field === 'platform' ? key : `${field} ${key}`;
  });
  return atMost([...new Set(names)]);
}

/** At most three names, then how many more. */
function atMost(names: readonly string[]): string {
  const more = names.length > 3 ? `, and ${String(names.length - 3)} more` : '';
  return `${names.slice(0, 3).map(escapeText).join(', ')}${more}`;
}
