/**
 * Which cells a treemap of some size has, and where: folders with room for what is in them become frames with a title,
 * smaller ones stay closed, and files too small to be told apart share one cell. Pure; knows no page.
 */
import type { SizeNode } from '../../../../core/compare/size-tree.ts';
import { type Rectangle, squarify } from '../../../../core/compare/squarify.ts';

export interface Cell {
  /** A file, a closed folder, a frame around cells, or what is too small to be shown. */
  readonly kind: 'file' | 'folder' | 'frame' | 'rest';
  /** For a rest, the folder that it is the rest of. */
  readonly node: SizeNode;
  readonly rectangle: Rectangle;
  /** Nodes that share a rest's cell. */
  readonly more: number;
}

const titleHeight = 20;
const padding = 3;
/** Pixels that an open folder needs on each side. */
const leastFrame = { width: 56, height: 46 };
/** Square pixels below which a node is not told apart from its neighbours. */
const leastArea = 110;

/** Frames stand before the cells inside them. */
export function mapCells(root: SizeNode, area: Rectangle): Cell[] {
  return cellsIn(root, area);
}

function cellsIn(folder: SizeNode, area: Rectangle): Cell[] {
  const sized = folder.children.filter(({ size }) => size > 0);
  const scale = (area.width * area.height) / Math.max(folder.size, 1);
  const shown = sized.filter(({ size }) => size * scale >= leastArea);
  const rest = sized.slice(shown.length);
  const restSize = rest.reduce((sum, { size }) => sum + size, 0);
  // Stands last though it may be larger than some before it.
  const weights = [...shown.map(({ size }) => size), ...(restSize > 0 ? [restSize] : [])];
  return squarify(weights, area).flatMap((rectangle, index) => {
    const node = shown[index];
    if (node !== undefined) return cellsOf(node, rectangle);
    return [{ kind: 'rest', node: folder, rectangle, more: rest.length } satisfies Cell];
  });
}

function cellsOf(node: SizeNode, rectangle: Rectangle): Cell[] {
  if (node.file !== undefined) return [{ kind: 'file', node, rectangle, more: 0 }];
  const { width, height } = rectangle;
  if (width < leastFrame.width || height < leastFrame.height)
    return [{ kind: 'folder', node, rectangle, more: 0 }];
  return [{ kind: 'frame', node, rectangle, more: 0 }, ...cellsIn(node, inside(rectangle))];
}

function inside({ x, y, width, height }: Rectangle): Rectangle {
  return {
    x: x + padding,
    y: y + titleHeight,
    width: width - 2 * padding,
    height: height - titleHeight - padding,
  };
}
