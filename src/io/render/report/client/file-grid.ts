/**
 * A table of any length: only the rows in sight are elements. It is one stop of Tab; arrow keys, Page Up and Down, Home
 * and End move the active row, Enter selects it (WAI-ARIA, the grid pattern with aria-activedescendant).
 */
import type { Report, ReportFile } from '../../../../core/compare/report.ts';
import { formatBytes } from '../../quantity.ts';
import { button, element } from './element.ts';
import type { SortKey, Wanted } from './file-rows.ts';
import type { Selection } from './selection.ts';
import { changeSigns, modeText } from './words.ts';

const rowHeight = 30;
/** Rows above and below what is in sight. */
const margin = 8;

const columns: readonly { readonly name: string; readonly sort?: SortKey }[] = [
  { name: 'Change', sort: 'change' },
  { name: 'Path', sort: 'path' },
  { name: 'Size', sort: 'size' },
  { name: 'Layer', sort: 'layer' },
  { name: 'Mode' },
];

export interface FileGrid {
  readonly shown: HTMLElement;
  /** `rows` are positions in the report's files. */
  show(rows: readonly number[], wanted: Pick<Wanted, 'sort' | 'order'>): void;
}

export function fileGrid(report: Report, selection: Selection, onSort: (sort: SortKey) => void): FileGrid {
  const grid = new Grid(report, selection);
  const heads = columns.map(({ name, sort }) => {
    const head = sort === undefined ? [name] : [button({}, [name], () => onSort(sort))];
    return element('div', { role: 'columnheader', 'data-sort': sort }, head);
  });
  const header = element('div', { class: 'row head', role: 'row' }, heads);
  grid.shown.prepend(element('div', { role: 'rowgroup' }, [header]));
  return {
    shown: grid.shown,
    show: (rows, { sort, order }) => {
      for (const head of heads) {
        if (head.dataset['sort'] === sort) head.setAttribute('aria-sort', order);
        else head.removeAttribute('aria-sort');
      }
      grid.shown.setAttribute('aria-rowcount', String(rows.length + 1));
      grid.show(rows);
    },
  };
}

class Grid {
  readonly #report: Report;
  readonly #selection: Selection;
  /** As high as all rows would be. */
  readonly #track = element('div', { class: 'track', role: 'presentation' });
  readonly #body = element('div', { class: 'body', role: 'rowgroup' }, [this.#track]);
  readonly shown = element(
    'div',
    {
      id: 'files',
      class: 'grid',
      role: 'grid',
      tabindex: '0',
      'aria-label': 'Contents: arrow keys move, Enter selects',
    },
    [this.#body],
  );
  #rows: readonly number[] = [];
  #active = 0;

  constructor(report: Report, selection: Selection) {
    this.#report = report;
    this.#selection = selection;
    this.#body.addEventListener('scroll', () => this.#draw(), { passive: true });
    this.shown.addEventListener('keydown', (event) => this.#onKey(event));
    this.#body.addEventListener('click', ({ target }) => this.#onClick(target));
    new ResizeObserver(() => this.#draw()).observe(this.#body);
    selection.follow(() => this.#draw());
  }

  show(rows: readonly number[]): void {
    this.#rows = rows;
    this.#active = 0;
    this.#track.style.height = `${String(rows.length * rowHeight)}px`;
    this.#body.scrollTop = 0;
    this.#draw();
  }

  #draw(): void {
    const { scrollTop, clientHeight } = this.#body;
    const first = Math.max(Math.floor(scrollTop / rowHeight) - margin, 0);
    const last = Math.ceil((scrollTop + clientHeight) / rowHeight) + margin;
    const drawn = this.#rows.slice(first, last).map((file, index) => this.#rowElement(file, first + index));
    this.#track.replaceChildren(...drawn);
    this.shown.setAttribute('aria-activedescendant', `row-${String(this.#active)}`);
  }

  #rowElement(index: number, position: number): HTMLElement {
    const file = this.#report.files[index];
    const selected = this.#selection.current();
    const row = element(
      'div',
      {
        class: 'row',
        role: 'row',
        id: `row-${String(position)}`,
        'aria-rowindex': String(position + 2),
        'aria-selected': String(selected?.kind === 'file' && selected.file === index),
        'data-active': position === this.#active ? '' : undefined,
      },
      file === undefined ? [] : cellsOf(file, this.#report),
    );
    row.style.top = `${String(position * rowHeight)}px`;
    return row;
  }

  #onKey(event: KeyboardEvent): void {
    // The buttons of the columns take their own keys.
    if (event.target !== this.shown) return;
    const page = Math.max(Math.floor(this.#body.clientHeight / rowHeight) - 1, 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowUp: -1,
      ArrowDown: 1,
      PageUp: -page,
      PageDown: page,
      Home: -this.#rows.length,
      End: this.#rows.length,
    };
    const step = steps[event.key];
    if (step !== undefined) this.#moveTo(this.#active + step);
    else if (event.key === 'Enter' || event.key === ' ') this.#select(this.#active);
    else return;
    event.preventDefault();
  }

  #onClick(target: EventTarget | null): void {
    const row = target instanceof Element ? target.closest<HTMLElement>('.row') : null;
    if (row === null) return;
    this.#moveTo(Number(row.id.slice('row-'.length)));
    this.#select(this.#active);
  }

  #moveTo(position: number): void {
    this.#active = Math.max(Math.min(position, this.#rows.length - 1), 0);
    const top = this.#active * rowHeight;
    const { scrollTop, clientHeight } = this.#body;
    if (top < scrollTop) this.#body.scrollTop = top;
    if (top + rowHeight > scrollTop + clientHeight) this.#body.scrollTop = top + rowHeight - clientHeight;
    this.#draw();
  }

  #select(position: number): void {
    const file = this.#rows[position];
    if (file !== undefined) this.#selection.select({ kind: 'file', file });
  }
}

function cellsOf(file: ReportFile, { layers }: Report): HTMLElement[] {
  const { path, type, size, change, layer, mode, target, hiddenBy } = file;
  const link = target === undefined ? '' : ` → ${target}`;
  const hidden = hiddenBy === undefined ? '' : ' (hidden)';
  const sign = element('span', { class: 'swatch', 'data-change': change, 'aria-hidden': 'true' }, [
    changeSigns[change],
  ]);
  return [
    element('div', { role: 'gridcell', class: 'change' }, [sign, element('span', {}, [change])]),
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
