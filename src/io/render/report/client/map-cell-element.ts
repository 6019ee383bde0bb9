/** One cell of the treemap as an element: where it stands, what it is called, what became of it. */
import { changeOf, fileCount } from '../../../../core/compare/size-tree.ts';
import { formatBytes } from '../../quantity.ts';
import { escapeText } from '../../../../core/diagnostic/escape-text.ts';
import { button, element } from './element.ts';
import type { Cell } from './map-cells.ts';
import { changeSigns, countsText, filesText } from './words.ts';

/** Pixels below which a name would be cut to nothing. */
const leastNamed = { width: 40, height: 17 };
/** Pixels across which a sign and a name, or a size, can be read. */
const leastRead = 66;

export function cellElement(cell: Cell, onChoose: () => void): HTMLElement {
  const { kind, node, rectangle } = cell;
  const change = kind === 'rest' ? 'rest' : changeOf(node);
  const words = hasRoom(cell) ? titleOf(cell) : [];
  const attributes = { class: `cell ${kind}${words.length === 0 ? ' bare' : ''}`, 'data-change': change };
  const made =
    kind === 'rest'
      ? element('div', { ...attributes, title: describeCell(cell) }, words)
      : button({ ...attributes, tabindex: '-1', 'aria-label': describeCell(cell) }, words, onChoose);
  Object.assign(made.style, {
    left: `${String(rectangle.x)}px`,
    top: `${String(rectangle.y)}px`,
    width: `${String(Math.max(rectangle.width - 1, 1))}px`,
    height: `${String(Math.max(rectangle.height - 1, 1))}px`,
  });
  return made;
}

function hasRoom({ rectangle }: Cell): boolean {
  return rectangle.width >= leastNamed.width && rectangle.height >= leastNamed.height;
}

/** As much as there is room for: the sign of a change first, then the name, then the size. */
function titleOf({ kind, node, more, rectangle }: Cell): HTMLElement[] {
  if (kind === 'rest') return [element('span', { class: 'name' }, [`+${String(more)}`])];
  const change = changeOf(node);
  const sign =
    change === 'same' ? [] : [element('b', { 'aria-hidden': 'true' }, [`${changeSigns[change]} `])];
  const isNarrow = rectangle.width < leastRead && sign.length > 0;
  const name = element('span', { class: 'name' }, [...sign, ...(isNarrow ? [] : [node.name])]);
  return hasRoomForSize(kind, rectangle)
    ? [name, element('span', { class: 'size' }, [formatBytes(node.size)])]
    : [name];
}

function hasRoomForSize(kind: Cell['kind'], { width, height }: Cell['rectangle']): boolean {
  return kind === 'frame' ? width > 130 : height > 34 && width >= leastRead;
}

/** `server.js, 12.3 kB, changed`. */
export function describeCell({ kind, node, more }: Cell): string {
  if (kind === 'rest') return `and ${String(more)} more, too small to be shown`;
  const name = escapeText(node.name);
  if (kind === 'file') return `${name}, ${formatBytes(node.size)}, ${changeOf(node)}`;
  const changed = countsText(node.counts);
  const what = node.layer !== undefined ? 'layer' : node.package !== undefined ? 'package' : 'folder';
  const count = filesText(fileCount(node));
  return `${what} ${name}, ${formatBytes(node.size)} in ${count}${changed === '' ? '' : `: ${changed}`}`;
}
