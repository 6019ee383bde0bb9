/** The cell that an arrow key leads to: the nearest one on that side. Pure. */
import type { Rectangle } from '../../../../core/compare/squarify.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Position of the rectangle to go to; the one that is left where nothing lies that way. */
export function nextCell(rectangles: readonly Rectangle[], from: number, direction: Direction): number {
  const start = rectangles[from];
  if (start === undefined) return 0;
  let best = from;
  let least = Infinity;
  rectangles.forEach((rectangle, index) => {
    const distance = index === from ? Infinity : distanceTo(start, rectangle, direction);
    if (distance >= least) return;
    least = distance;
    best = index;
  });
  return best;
}

/** Along the way, and twice what it leads aside; infinite for what lies elsewhere. */
function distanceTo(from: Rectangle, to: Rectangle, direction: Direction): number {
  const [a, b] = [anchorOf(from), anchorOf(to)];
  const [right, down] = [b.x - a.x, b.y - a.y];
  const along = { left: -right, right, up: -down, down }[direction];
  const aside = direction === 'left' || direction === 'right' ? Math.abs(down) : Math.abs(right);
  return along < 1 ? Infinity : along + 2 * aside;
}

/** Titles stand at the top left, so that is where the eye takes a cell to be. */
function anchorOf({ x, y, width, height }: Rectangle): { readonly x: number; readonly y: number } {
  return { x: x + Math.min(width / 2, 40), y: y + Math.min(height / 2, 10) };
}
