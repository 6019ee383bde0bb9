/** The packages of the image as rows of a table. */
import type { Report, ReportPackage } from '../../../../core/compare/report.ts';
import { formatBytes } from '../../quantity.ts';
import { changeCell } from './change-sign.ts';
import { element } from './element.ts';
import type { PackageSort } from './package-rows.ts';
import { type RowGrid, rowGrid } from './row-grid.ts';
import type { Selection } from './selection.ts';
import { countText, groundText, versionText } from './words.ts';

/** Its rows are positions in the report's packages. */
export function packageGrid(
  report: Report,
  selection: Selection,
  onSort: (sort: PackageSort) => void,
): RowGrid<PackageSort> {
  return rowGrid<PackageSort>(
    {
      id: 'package-rows',
      name: 'Packages',
      columns: [
        { name: 'Change', sort: 'change' },
        { name: 'Package', sort: 'name' },
        { name: 'Version' },
        { name: 'Size', sort: 'size' },
        { name: 'Files', sort: 'files' },
        { name: 'Layer', sort: 'layer' },
      ],
      cellsOf: (row) => {
        const one = report.packages[row];
        return one === undefined ? [] : cellsOf(one, report);
      },
      isSelected: (row) => {
        const selected = selection.current();
        return selected?.kind === 'package' && selected.package === row;
      },
      onSelect: (row) => {
        selection.select({ kind: 'package', package: row });
      },
      onSort,
    },
    selection,
  );
}

function cellsOf(one: ReportPackage, { layers }: Report): HTMLElement[] {
  const { name, change, size, files, layers: held } = one;
  const [first] = held;
  const layer = first === undefined ? '' : (layers[first]?.label ?? '');
  const more = held.length > 1 ? ` and ${String(held.length - 1)} more` : '';
  return [
    changeCell(change),
    element('div', { role: 'gridcell', class: 'path' }, [
      name,
      ' ',
      element('span', { class: 'place' }, [groundText(one)]),
    ]),
    element('div', { role: 'gridcell', class: 'version' }, [versionText(one)]),
    element('div', { role: 'gridcell', class: 'amount' }, [formatBytes(size)]),
    element('div', { role: 'gridcell', class: 'amount' }, [countText(files)]),
    element('div', { role: 'gridcell', class: 'layer' }, [`${layer}${more}`]),
  ];
}
