/**
 * Rectangles whose areas are as weights, as square as they can be told in one pass: the squarified treemap of Bruls,
 * Huizing and van Wijk (2000). Pure; the same weights give the same rectangles everywhere.
 */

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * One rectangle for each weight, in the order of the weights, filling `area` together. Weights are positive, and largest
 * first where the rectangles are to be near squares.
 */
export function squarify(weights: readonly number[], area: Rectangle): Rectangle[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const scale = total === 0 ? 0 : (area.width * area.height) / total;
  const placed: Rectangle[] = [];
  let free = area;
  for (let from = 0; from < weights.length;) {
    const to = endOfRow(weights, from, { free, scale });
    const row = weights.slice(from, to).map((weight) => weight * scale);
    placed.push(...placeRow(row, free));
    free = restOf(free, row);
    from = to;
  }
  return placed;
}

interface Space {
  readonly free: Rectangle;
  /** Area of one unit of weight. */
  readonly scale: number;
}

/** Where the row that starts at `from` ends: before the weight that would make its worst rectangle longer. */
function endOfRow(weights: readonly number[], from: number, { free, scale }: Space): number {
  const side = Math.min(free.width, free.height);
  const largest = (weights[from] ?? 0) * scale;
  let sum = 0;
  let worst = Infinity;
  for (let at = from; at < weights.length; at += 1) {
    const area = (weights[at] ?? 0) * scale;
    sum += area;
    const ratio = worstRatio({ largest, smallest: area, sum }, side);
    if (ratio > worst) return at;
    worst = ratio;
  }
  return weights.length;
}

interface RowAreas {
  readonly largest: number;
  readonly smallest: number;
  readonly sum: number;
}

/** The longest of a row's rectangles: its long side by its short one. */
function worstRatio({ largest, smallest, sum }: RowAreas, side: number): number {
  const square = side * side;
  return Math.max((square * largest) / (sum * sum), (sum * sum) / (square * smallest));
}

/** A row stands along the shorter side of what is free. */
function placeRow(areas: readonly number[], free: Rectangle): Rectangle[] {
  const thickness = thicknessOf(areas, free);
  let offset = 0;
  return areas.map((area) => {
    const length = thickness === 0 ? 0 : area / thickness;
    const rectangle = isWide(free)
      ? { x: free.x, y: free.y + offset, width: thickness, height: length }
      : { x: free.x + offset, y: free.y, width: length, height: thickness };
    offset += length;
    return rectangle;
  });
}

function restOf(free: Rectangle, areas: readonly number[]): Rectangle {
  const thickness = thicknessOf(areas, free);
  return isWide(free)
    ? { ...free, x: free.x + thickness, width: Math.max(free.width - thickness, 0) }
    : { ...free, y: free.y + thickness, height: Math.max(free.height - thickness, 0) };
}

function thicknessOf(areas: readonly number[], free: Rectangle): number {
  const side = Math.min(free.width, free.height);
  return side === 0 ? 0 : areas.reduce((sum, area) => sum + area, 0) / side;
}

function isWide({ width, height }: Rectangle): boolean {
  return width >= height;
}
