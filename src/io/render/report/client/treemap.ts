/**
 * The treemap: every layer, package, folder and file as large as its bytes. One cell at a time is in the order of Tab; arrow
 * keys lead to its neighbours, Enter opens a folder or shows a file, Escape closes the folder again.
 */
import type { Report } from '../../../../core/compare/report.ts';
import {
  fileCount,
  type Grouping,
  nodeId,
  pathTo,
  type Scope,
  type SizeNode,
  sizeTree,
} from '../../../../core/compare/size-tree.ts';
import { formatBytes } from '../../quantity.ts';
import { breadcrumbs } from './breadcrumbs.ts';
import { choices, element, section } from './element.ts';
import { type Cell, mapCells } from './map-cells.ts';
import { cellElement, describeCell } from './map-cell-element.ts';
import { legend } from './legend.ts';
import { type Direction, nextCell } from './next-cell.ts';
import type { Selected, Selection } from './selection.ts';
import { countsText, filesText } from './words.ts';

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export function treemap(report: Report, selection: Selection): HTMLElement {
  const view = new TreemapView(report, selection);
  const grouping = choices<Grouping>(
    'Group by',
    [
      { value: 'layers', text: 'By layer' },
      { value: 'folders', text: 'By folder' },
      ...(report.packages.length === 0 ? [] : [{ value: 'packages', text: 'By package' } as const]),
    ],
    (grouping) => view.draw({ grouping }),
  );
  const scope = choices<Scope>(
    'Show',
    [
      { value: 'all', text: 'All files' },
      { value: 'changes', text: 'Changes only' },
    ],
    (scope) => view.draw({ scope }),
  );
  const compared = report.previous === undefined ? [] : [scope, legend()];
  const bar = element('div', { class: 'bar' }, [grouping, ...compared]);
  return section('treemap', 'Layers and files', [bar, view.crumbs, view.map, view.caption]);
}

interface Wanted {
  readonly grouping: Grouping;
  readonly scope: Scope;
}

class TreemapView {
  readonly map = element('div', {
    class: 'map',
    role: 'group',
    'aria-label': 'Treemap: arrow keys move, Enter opens, Escape goes back up',
  });
  readonly crumbs = element('nav', { class: 'crumbs', 'aria-label': 'Place in the treemap' });
  readonly caption = element('p', { class: 'caption', 'aria-hidden': 'true' });
  readonly #report: Report;
  readonly #selection: Selection;
  #wanted: Wanted = { grouping: 'layers', scope: 'all' };
  #root: SizeNode;
  /** From below the root to the folder that is open. */
  #open: readonly SizeNode[] = [];
  /** Those that can be chosen, each with its element. */
  #cells: readonly { readonly cell: Cell; readonly shown: HTMLElement }[] = [];
  #active = 0;

  constructor(report: Report, selection: Selection) {
    this.#report = report;
    this.#selection = selection;
    this.#root = sizeTree(report, this.#wanted.grouping);
    new ResizeObserver(() => this.#draw()).observe(this.map);
    this.map.addEventListener('keydown', (event) => this.#onKey(event));
    for (const type of ['mouseover', 'focusin'])
      this.map.addEventListener(type, (event) => this.#describe(event.target));
    selection.follow((selected) => this.#mark(selected));
    this.#describe(undefined);
  }

  /** All of it again, grouped or narrowed in another way. */
  draw(wanted: Partial<Wanted>): void {
    this.#wanted = { ...this.#wanted, ...wanted };
    const { grouping, scope } = this.#wanted;
    this.#root = sizeTree(this.#report, grouping, scope);
    this.#openAt([]);
  }

  #openAt(path: readonly SizeNode[]): void {
    this.#open = path;
    this.#active = 0;
    this.#draw();
    this.#describe(undefined);
  }

  get #folder(): SizeNode {
    return this.#open.at(-1) ?? this.#root;
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.map;
    const hadFocus = this.map.contains(document.activeElement);
    const cells = mapCells(this.#folder, { x: 0, y: 0, width, height });
    const drawn = cells.map((cell) => ({ cell, shown: cellElement(cell, () => this.#choose(cell)) }));
    this.#cells = drawn.filter(({ cell }) => cell.kind !== 'rest');
    this.map.replaceChildren(...drawn.map(({ shown }) => shown));
    this.crumbs.replaceChildren(
      ...breadcrumbs(this.#report.image.name, this.#open, (path) => this.#leaveTo(path)),
    );
    this.#activate(Math.min(this.#active, this.#cells.length - 1), hadFocus ? 'focus' : 'stay');
    this.#mark(this.#selection.current());
  }

  #choose({ node }: Cell): void {
    if (node.file !== undefined) {
      this.#active = this.#cells.findIndex(({ cell }) => cell.node === node);
      this.#activate(this.#active, 'focus');
      this.#selection.select({ kind: 'file', file: node.file });
      return;
    }
    this.#openAt(pathTo(this.#root, node.id));
    this.#selection.select(selectedBy(node));
  }

  /** Opens a folder above; the one that was left is the active cell there. */
  #leaveTo(path: readonly SizeNode[]): void {
    const left = this.#open[path.length];
    this.#openAt(path);
    const at = this.#cells.findIndex(({ cell }) => cell.node.id === left?.id);
    this.#activate(Math.max(at, 0), 'focus');
  }

  #activate(index: number, focus: 'focus' | 'stay'): void {
    this.#cells[this.#active]?.shown.setAttribute('tabindex', '-1');
    this.#active = Math.max(index, 0);
    const active = this.#cells[this.#active]?.shown;
    active?.setAttribute('tabindex', '0');
    if (focus === 'focus') active?.focus();
  }

  #onKey(event: KeyboardEvent): void {
    const next = this.#cellAt(event.key);
    if (next !== undefined) this.#activate(next, 'focus');
    else if (event.key === 'Escape' && this.#open.length > 0) this.#leaveTo(this.#open.slice(0, -1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #cellAt(key: string): number | undefined {
    if (key === 'Home') return 0;
    if (key === 'End') return this.#cells.length - 1;
    const direction = directions[key];
    if (direction === undefined) return undefined;
    return nextCell(
      this.#cells.map(({ cell }) => cell.rectangle),
      this.#active,
      direction,
    );
  }

  #describe(target: EventTarget | null | undefined): void {
    const over = this.#cells.find(({ shown }) => target instanceof Node && shown.contains(target));
    this.caption.textContent = over === undefined ? folderText(this.#folder) : describeCell(over.cell);
  }

  /** Shows where the selected file is: its own cell, or the smallest one around it. */
  #mark(selected: Selected | undefined): void {
    const file = selected?.kind === 'file' ? this.#report.files[selected.file] : undefined;
    const way =
      file === undefined ? [] : pathTo(this.#root, nodeId(file, this.#wanted.grouping, this.#report));
    const marked = way.findLast((node) => this.#cells.some(({ cell }) => cell.node.id === node.id));
    for (const { cell, shown } of this.#cells)
      shown.toggleAttribute('data-selected', marked !== undefined && cell.node.id === marked.id);
  }
}

function selectedBy(node: SizeNode): Selected {
  if (node.layer !== undefined) return { kind: 'layer', layer: node.layer };
  return node.package === undefined ? { kind: 'folder', node } : { kind: 'package', package: node.package };
}

function folderText(node: SizeNode): string {
  const changed = countsText(node.counts);
  return `${formatBytes(node.size)} in ${filesText(fileCount(node))}${changed === '' ? '' : `: ${changed}`}`;
}
