/** How changes, modes, counts and packages are written on the page. */
import type { Change, ReportPackage } from '../../../../core/compare/report.ts';

/** A sign for each change, so that colour never says it alone. */
export const changeSigns: Readonly<Record<Change, string>> = {
  added: '+',
  changed: '~',
  removed: '−',
  same: '=',
};

/** `0644`. */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** `1,234`: the same for every reader. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 file`, `1,234 files`. */
export function filesText(count: number): string {
  return `${countText(count)} ${count === 1 ? 'file' : 'files'}`;
}

/** `12 added, 3 changed`; empty where there is nothing but sameness. */
export function countsText(counts: Readonly<Record<Change, number>>): string {
  return (['added', 'changed', 'removed'] as const)
    .filter((change) => counts[change] > 0)
    .map((change) => `${countText(counts[change])} ${change}`)
    .join(', ');
}

/** `4.21.0 → 4.21.1` where it was another. */
export function versionText({ version, before }: Pick<ReportPackage, 'version' | 'before'>): string {
  return before === undefined ? version : `${before} → ${version}`;
}

/** What a package stands in, in few words: `/app`, `/app/node_modules/debug`; the whole place where it bears another name. */
export function groundText({ kind, name, place }: Pick<ReportPackage, 'kind' | 'name' | 'place'>): string {
  const end = `node_modules/${name}`;
  if (kind === 'deb' || !place.endsWith(end)) return placeText({ kind, place });
  return `/${place.slice(0, -end.length).replace(/\/$/, '')}`;
}

/** `/app/node_modules/ms`, `Debian amd64`. */
export function placeText({ kind, place }: Pick<ReportPackage, 'kind' | 'place'>): string {
  return kind === 'npm' ? `/${place}` : `Debian ${place}`;
}
