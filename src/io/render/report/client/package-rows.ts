/** Which packages the table shows, and in which order. Pure; knows no page. */
import { duplicatePackages } from '../../../../core/compare/package-duplicates.ts';
import type { ReportPackage } from '../../../../core/compare/report.ts';
import { escapeText } from '../../../../core/diagnostic/escape-text.ts';
import { changeOrder, hasWords, type Order, searchWords } from './file-rows.ts';

export type PackageSort = 'change' | 'name' | 'size' | 'files' | 'layer';

export const packageGroups = ['all', 'npm', 'Debian', 'changed', 'duplicated'] as const;
/** `changed` is what is not as before; `duplicated` what stands in the image more than once. */
export type PackageGroup = (typeof packageGroups)[number];

export interface WantedPackages extends Order<PackageSort> {
  /** Words that must all stand in name, version or place; case does not matter. */
  readonly search: string;
  readonly group: PackageGroup;
}

/** Positions in `packages`. */
export function packageRows(
  packages: readonly ReportPackage[],
  { search, group, sort, order }: WantedPackages,
): number[] {
  const words = searchWords(search);
  const isIn = groupTest(packages, group);
  const compare = comparators[sort];
  const rows = packages
    .map((one, index) => ({ one, index }))
    .filter(({ one }) => isIn(one) && hasWords(searchedText(one), words))
    .sort((a, b) => (order === 'ascending' ? compare(a.one, b.one) : compare(b.one, a.one)));
  return rows.map(({ index }) => index);
}

/** How many packages each group has. */
export function groupSizes(packages: readonly ReportPackage[]): Record<PackageGroup, number> {
  const count = (group: PackageGroup): number => packages.filter(groupTest(packages, group)).length;
  return {
    all: packages.length,
    npm: count('npm'),
    Debian: count('Debian'),
    changed: count('changed'),
    duplicated: count('duplicated'),
  };
}

function groupTest(packages: readonly ReportPackage[], group: PackageGroup): (one: ReportPackage) => boolean {
  switch (group) {
    case 'all':
      return () => true;
    case 'npm':
      return ({ kind }) => kind === 'npm';
    case 'Debian':
      return ({ kind }) => kind === 'deb';
    case 'changed':
      return ({ change }) => change !== 'same';
    case 'duplicated': {
      const names = new Set(duplicatePackages(packages).map(({ name }) => name));
      return ({ kind, name, change }) => kind === 'npm' && change !== 'removed' && names.has(name);
    }
  }
}

/** As it is shown: `ms@2.1.3 /app/node_modules/ms`. */
function searchedText({ kind, name, version, place }: ReportPackage): string {
  return escapeText(`${name}@${version} ${kind === 'npm' ? '/' : 'Debian '}${place}`);
}

const comparators: Readonly<Record<PackageSort, (a: ReportPackage, b: ReportPackage) => number>> = {
  change: (a, b) => changeOrder[a.change] - changeOrder[b.change],
  name: (a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1),
  size: (a, b) => a.size - b.size,
  files: (a, b) => a.files - b.files,
  layer: (a, b) => (a.layers[0] ?? -1) - (b.layers[0] ?? -1),
};
