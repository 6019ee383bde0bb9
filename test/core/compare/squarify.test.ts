import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Rectangle, squarify } from '../../../src/core/compare/squarify.ts';

const area = { x: 10, y: 20, width: 600, height: 400 };
const weights = fc
  .array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 60 })
  .map((some) => some.sort((a, b) => b - a));

describe('squarify', () => {
  it('gives the rectangles of the paper for its own example', () => {
    const placed = squarify([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 });
    expect(placed.slice(0, 4).map(rounded)).toEqual([
      [0, 0, 3, 2],
      [0, 2, 3, 2],
      [3, 0, 1.714, 2.333],
      [4.714, 0, 1.286, 2.333],
    ]);
  });

  it('gives each weight its share of the area', () => {
    fc.assert(
      fc.property(weights, (some) => {
        const total = some.reduce((sum, weight) => sum + weight, 0);
        squarify(some, area).forEach(({ width, height }, at) => {
          const share = ((some[at] ?? 0) / total) * area.width * area.height;
          expect(Math.abs(width * height - share)).toBeLessThan(0.01 + share * 1e-6);
        });
      }),
    );
  });

  it('keeps every rectangle inside the area and none over another', () => {
    fc.assert(
      fc.property(weights, (some) => {
        const placed = squarify(some, area);
        expect(placed).toHaveLength(some.length);
        for (const one of placed) expect(isInside(one, area)).toBe(true);
        placed.forEach((one, at) => {
          for (const other of placed.slice(at + 1)) expect(overlap(one, other)).toBeLessThan(0.01);
        });
      }),
    );
  });

  it('has nothing to place where there is nothing, or no room', () => {
    expect(squarify([], area)).toEqual([]);
    expect(squarify([1, 1], { ...area, width: 0 }).every(({ width }) => width === 0)).toBe(true);
  });
});

function rounded({ x, y, width, height }: Rectangle): number[] {
  return [x, y, width, height].map((value) => Math.round(value * 1000) / 1000);
}

function isInside(one: Rectangle, whole: Rectangle): boolean {
  const slack = 1e-6 * whole.width;
  return (
    one.x >= whole.x - slack &&
    one.y >= whole.y - slack &&
    one.x + one.width <= whole.x + whole.width + slack &&
    one.y + one.height <= whole.y + whole.height + slack
  );
}

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(width, 0) * Math.max(height, 0);
}
