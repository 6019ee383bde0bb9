/**
 * A table of any length: only the rows in sight are elements. It is one stop of Tab; arrow keys, Page Up and Down, Home
 * and End move the active row, Enter selects it (WAI-ARIA, the grid pattern with aria-activedescendant).
 */
import { button, element } from './element.ts';
import type { Order } from './file-rows.ts';
import type { Selection } from './selection.ts';

const rowHeight = 30;
/** Rows above and below what is in sight. */
const margin = 8;

/** What the rows are: numbers, of which only the caller knows what they stand for. */
export interface RowGridFacts<Sort extends string> {
  readonly id: string;
  /** What the table is called; how it is used is said behind it. */
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly sort?: Sort }[];
  cellsOf(row: number): readonly HTMLElement[];
  isSelected(row: number): boolean;
  onSelect(row: number): void;
  onSort(sort: Sort): void;
}

export interface RowGrid<Sort> {
  readonly shown: HTMLElement;
  show(rows: readonly number[], order: Order<Sort>): void;
}

export function rowGrid<Sort extends string>(facts: RowGridFacts<Sort>, selection: Selection): RowGrid<Sort> {
  const grid = new Grid(facts, selection);
  const heads = facts.columns.map(({ name, sort }) => {
    const head = sort === undefined ? [name] : [button({}, [name], () => facts.onSort(sort))];
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

type Rows = Omit<RowGridFacts<string>, 'onSort' | 'columns'>;

class Grid {
  readonly #facts: Rows;
  /** As high as all rows would be. */
  readonly #track = element('div', { class: 'track', role: 'presentation' });
  readonly #body = element('div', { class: 'body', role: 'rowgroup' }, [this.#track]);
  readonly shown: HTMLElement;
  #rows: readonly number[] = [];
  #active = 0;

  constructor(facts: Rows, selection: Selection) {
    this.#facts = facts;
    const { id, name } = facts;
    const label = `${name}: arrow keys move, Enter selects`;
    this.shown = element('div', { id, class: 'grid', role: 'grid', tabindex: '0', 'aria-label': label }, [
      this.#body,
    ]);
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
    const drawn = this.#rows.slice(first, last).map((row, index) => this.#rowElement(row, first + index));
    this.#track.replaceChildren(...drawn);
    this.shown.setAttribute('aria-activedescendant', this.#idOf(this.#active));
  }

  #idOf(position: number): string {
    return `${this.#facts.id}-${String(position)}`;
  }

  #rowElement(row: number, position: number): HTMLElement {
    const made = element(
      'div',
      {
        class: 'row',
        role: 'row',
        id: this.#idOf(position),
        'aria-rowindex': String(position + 2),
        'aria-selected': String(this.#facts.isSelected(row)),
        'data-active': position === this.#active ? '' : undefined,
      },
      this.#facts.cellsOf(row),
    );
    made.style.top = `${String(position * rowHeight)}px`;
    return made;
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
    this.#moveTo(Number(row.id.slice(this.#facts.id.length + 1)));
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
    const row = this.#rows[position];
    if (row !== undefined) this.#facts.onSelect(row);
  }
}
