/** Every path of the image in one table: searched, narrowed to one change, sorted by any column. */
import { type Change, changes, type Report } from '../../../../core/compare/report.ts';
import { escapeText } from '../../../../core/diagnostic/escape-text.ts';
import { button, choices, element, section } from './element.ts';
import { countsOf, fileRows, type SortKey, type Wanted } from './file-rows.ts';
import { fileGrid } from './file-grid.ts';
import type { Selection } from './selection.ts';
import { countText } from './words.ts';

export interface Contents {
  readonly shown: HTMLElement;
  /** Shows the files of a package alone, or those of none, until the reader takes that back. */
  narrowTo(of: number | 'none'): void;
}

export function contents(report: Report, selection: Selection): Contents {
  let wanted: Wanted = { search: '', change: 'all', of: 'all', sort: 'path', order: 'ascending' };
  const count = element('p', { class: 'muted', role: 'status' });
  const grid = fileGrid(report, selection, (sort) => {
    want({ sort, order: nextOrder(wanted, sort) });
  });
  const want = (change: Partial<Wanted>): void => {
    wanted = { ...wanted, ...change };
    const rows = fileRows(report.files, wanted);
    grid.show(rows, wanted);
    count.textContent = `${countText(rows.length)} of ${countText(report.files.length)} paths`;
  };
  const search = element('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Search paths',
    'aria-label': 'Search paths',
    'aria-controls': 'files',
  });
  search.addEventListener('input', () => {
    want({ search: search.value });
  });
  const narrow = changeChoices(report, (change) => {
    want({ change });
  });
  const narrowed = element('span', { class: 'narrowed' });
  const widen = (): void => {
    want({ of: 'all' });
    narrowed.replaceChildren();
  };
  want({});
  return {
    shown: section('contents', 'Contents', [
      element('div', { class: 'bar' }, [search, ...narrow, narrowed, count]),
      grid.shown,
    ]),
    narrowTo: (of) => {
      want({ of });
      const words = `${nameOf(of, report)} ×`;
      const label = `Only files of ${nameOf(of, report)}: show all again`;
      narrowed.replaceChildren(
        button({ class: 'chip', 'aria-label': label }, [words], () => {
          widen();
          grid.shown.focus();
        }),
      );
      grid.shown.focus();
    },
  };
}

function nameOf(of: number | 'none', { packages }: Report): string {
  const found = of === 'none' ? undefined : packages[of];
  return found === undefined ? 'no package' : escapeText(`${found.name} ${found.version}`);
}

/** Another column is sorted anew, large sizes first; the same one is turned round. */
function nextOrder({ sort, order }: Wanted, asked: SortKey): Wanted['order'] {
  if (sort !== asked) return asked === 'size' ? 'descending' : 'ascending';
  return order === 'ascending' ? 'descending' : 'ascending';
}

function changeChoices(report: Report, onChoice: (change: Change | 'all') => void): HTMLElement[] {
  if (report.previous === undefined) return [];
  const counts = countsOf(report.files);
  const options = changes.map((value) => ({ value, text: `${value} ${countText(counts[value])}` }));
  return [choices<Change | 'all'>('Change', [{ value: 'all', text: 'all' }, ...options], onChoice)];
}
