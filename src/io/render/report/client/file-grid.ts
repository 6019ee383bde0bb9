/** The paths of the image as rows of a table. */
import type { Report, ReportFile } from '../../../../core/compare/report.ts';
import { formatBytes } from '../../quantity.ts';
import { changeCell } from './change-sign.ts';
import { element } from './element.ts';
import type { SortKey } from './file-rows.ts';
import { type RowGrid, rowGrid } from './row-grid.ts';
import type { Selection } from './selection.ts';
import { modeText } from './words.ts';

/** Its rows are positions in the report's files. */
export function fileGrid(
  report: Report,
  selection: Selection,
  onSort: (sort: SortKey) => void,
): RowGrid<SortKey> {
  return rowGrid<SortKey>(
    {
      id: 'files',
      name: 'Contents',
      columns: [
        { name: 'Change', sort: 'change' },
        { name: 'Path', sort: 'path' },
        { name: 'Size', sort: 'size' },
        { name: 'Layer', sort: 'layer' },
        { name: 'Mode' },
      ],
      cellsOf: (row) => {
        const file = report.files[row];
        return file === undefined ? [] : cellsOf(file, report);
      },
      isSelected: (row) => {
        const selected = selection.current();
        return selected?.kind === 'file' && selected.file === row;
      },
      onSelect: (file) => {
        selection.select({ kind: 'file', file });
      },
      onSort,
    },
    selection,
  );
}

function cellsOf(file: ReportFile, { layers }: Report): HTMLElement[] {
  const { path, type, size, change, layer, mode, target, hiddenBy } = file;
  const link = target === undefined ? '' : ` → ${target}`;
  const hidden = hiddenBy === undefined ? '' : ' (hidden)';
  return [
    changeCell(change),
    element('div', { role: 'gridcell', class: 'path' }, [
      `/${path}${type === 'directory' ? '/' : ''}${link}${hidden}`,
    ]),
    element('div', { role: 'gridcell', class: 'amount' }, [type === 'file' ? formatBytes(size) : '']),
    element('div', { role: 'gridcell', class: 'layer' }, [
      layer === undefined ? '' : (layers[layer]?.label ?? ''),
    ]),
    element('div', { role: 'gridcell', class: 'mode' }, [modeText(mode)]),
  ];
}
