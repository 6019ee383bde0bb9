import { describe, expect, it } from 'vitest';
import { type SizeNode, sizeTree } from '../../../../src/core/compare/size-tree.ts';
import { type Cell, mapCells } from '../../../../src/io/render/report/client/map-cells.ts';
import { nextCell } from '../../../../src/io/render/report/client/next-cell.ts';
import { sampleReport } from '../../../rigs/sample-report.ts';

const area = { x: 0, y: 0, width: 800, height: 500 };
const root = sizeTree(sampleReport(), 'layers');

describe('mapCells', () => {
  const cells = mapCells(root, area);

  it('shows each file once: in a cell, below a closed folder, or in the rest of its folder', () => {
    const shown = cells.reduce((sum, cell) => sum + filesIn(cell), 0);
    expect(shown).toBe(filesBelow(root));
  });

  it('keeps every cell inside the frame around it', () => {
    for (const frame of cells.filter(({ kind }) => kind === 'frame'))
      for (const cell of cells.filter(
        ({ node, kind }) => kind !== 'rest' && frame.node.children.includes(node),
      ))
        expect(isInside(cell, frame)).toBe(true);
  });

  it('opens no folder that has no room for a title and a cell', () => {
    const small = mapCells(root, { ...area, width: 60, height: 40 });
    expect(small.filter(({ kind }) => kind === 'frame')).toEqual([]);
  });

  it('has few cells however many files there are', () => {
    const large = sizeTree(sampleReport({ packages: 400, filesEach: 25 }), 'folders');
    expect(mapCells(large, area).length).toBeLessThan(2_000);
  });
});

describe('nextCell', () => {
  const square = (x: number, y: number): Cell['rectangle'] => ({ x, y, width: 100, height: 100 });
  const four = [square(0, 0), square(100, 0), square(0, 100), square(100, 100)];

  it('leads to the neighbour on that side', () => {
    expect(nextCell(four, 0, 'right')).toBe(1);
    expect(nextCell(four, 0, 'down')).toBe(2);
    expect(nextCell(four, 3, 'left')).toBe(2);
    expect(nextCell(four, 3, 'up')).toBe(1);
  });

  it('stays where nothing lies that way', () => {
    expect(nextCell(four, 0, 'left')).toBe(0);
    expect(nextCell([], 0, 'left')).toBe(0);
  });
});

function filesIn({ kind, node, more }: Cell): number {
  if (kind === 'frame') return 0;
  if (kind !== 'rest') return filesBelow(node);
  return node.children
    .filter(({ size }) => size > 0)
    .slice(-more)
    .reduce((sum, child) => sum + filesBelow(child), 0);
}

/** Those that have a size, since nothing else has an area. */
function filesBelow(node: SizeNode): number {
  if (node.file !== undefined) return node.size > 0 ? 1 : 0;
  return node.children.reduce((sum, child) => sum + filesBelow(child), 0);
}

function isInside({ rectangle: a }: Cell, { rectangle: b }: Cell): boolean {
  const slack = 1e-6 * area.width;
  return (
    a.x >= b.x &&
    a.y >= b.y &&
    a.x + a.width <= b.x + b.width + slack &&
    a.y + a.height <= b.y + b.height + slack
  );
}
