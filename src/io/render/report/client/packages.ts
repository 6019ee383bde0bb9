/**
 * What the image is made of, by package: npm's and Debian's with their bytes, the largest first, searched and narrowed;
 * which npm packages stand there more than once, and how much belongs to no package.
 */
import { duplicatePackages, type DuplicatePackage } from '../../../../core/compare/package-duplicates.ts';
import type { Report } from '../../../../core/compare/report.ts';
import { filesWithoutPackage } from '../../../../core/compare/report-packages.ts';
import { formatBytes } from '../../quantity.ts';
import { button, type Child, choices, element, section } from './element.ts';
import { packageGrid } from './package-grid.ts';
import {
  groupSizes,
  type PackageGroup,
  packageGroups,
  packageRows,
  type PackageSort,
  type WantedPackages,
} from './package-rows.ts';
import type { Selection } from './selection.ts';
import { countText, filesText } from './words.ts';

/** Shows the files of a package, or those of none, among the contents. */
export type ShowFiles = (of: number | 'none') => void;

export function packages(report: Report, selection: Selection, showFiles: ShowFiles): HTMLElement {
  let wanted: WantedPackages = { search: '', group: 'all', sort: 'size', order: 'descending' };
  const count = element('p', { class: 'muted', role: 'status' });
  const grid = packageGrid(report, selection, (sort) => {
    want({ sort, order: nextOrder(wanted, sort) });
  });
  const want = (change: Partial<WantedPackages>): void => {
    wanted = { ...wanted, ...change };
    const rows = packageRows(report.packages, wanted);
    grid.show(rows, wanted);
    count.textContent = `${countText(rows.length)} of ${packagesText(report.packages.length)}`;
  };
  const search = element('input', {
    type: 'search',
    id: 'search-packages',
    placeholder: 'Search packages',
    'aria-label': 'Search packages',
    'aria-controls': 'package-rows',
  });
  search.addEventListener('input', () => {
    want({ search: search.value });
  });
  const narrow = groupChoices(report, (group) => {
    want({ group });
  });
  want({});
  return section('packages', 'Packages', [
    element('div', { class: 'bar' }, [search, narrow, count]),
    grid.shown,
    withoutPackage(report, showFiles),
    ...duplicates(report),
  ]);
}

/** Another column is sorted anew, large numbers first; the same one is turned round. */
function nextOrder({ sort, order }: WantedPackages, asked: PackageSort): WantedPackages['order'] {
  if (sort !== asked) return asked === 'size' || asked === 'files' ? 'descending' : 'ascending';
  return order === 'ascending' ? 'descending' : 'ascending';
}

/** Groups that would show nothing, or everything, are not offered. */
function groupChoices(report: Report, onChoice: (group: PackageGroup) => void): HTMLElement {
  const sizes = groupSizes(report.packages);
  const isOffered = (group: PackageGroup): boolean => {
    if (group === 'all') return true;
    if (group === 'changed') return report.previous !== undefined && sizes.changed > 0;
    return sizes[group] > 0 && sizes[group] < sizes.all;
  };
  const options = packageGroups
    .filter(isOffered)
    .map((value) => ({ value, text: `${value} ${countText(sizes[value])}` }));
  return choices('Packages', options, onChoice);
}

function packagesText(count: number): string {
  return `${countText(count)} ${count === 1 ? 'package' : 'packages'}`;
}

function withoutPackage({ files }: Report, showFiles: ShowFiles): HTMLElement {
  const left = filesWithoutPackage(files);
  const words = `${filesText(left.files)} of no package, ${formatBytes(left.size)}`;
  const show = button({ class: 'link' }, ['Show them'], () => {
    showFiles('none');
  });
  return element('p', { class: 'muted' }, [words, ...(left.files === 0 ? [] : [' ', show])]);
}

function duplicates({ packages: all }: Report): Child[] {
  const found = duplicatePackages(all);
  if (found.length === 0) return [];
  const heads = ['Package', 'Versions', 'All of them'].map((name) => element('th', { scope: 'col' }, [name]));
  const table = element('table', { class: 'duplicates' }, [
    element('thead', {}, [element('tr', {}, heads)]),
    element('tbody', {}, found.map(duplicateRow)),
  ]);
  const summary = element('summary', {}, [`${packagesText(found.length)} more than once in the image`]);
  return [element('details', {}, [summary, table])];
}

function duplicateRow({ name, versions, size }: DuplicatePackage): HTMLElement {
  const told = versions.map(({ version, places }) =>
    places.length === 1 ? version : `${version} in ${countText(places.length)} places`,
  );
  return element('tr', {}, [
    element('th', { scope: 'row' }, [element('code', {}, [name])]),
    element('td', {}, [told.join(', ')]),
    element('td', { class: 'amount' }, [formatBytes(size)]),
  ]);
}
