import { describe, expect, it } from 'vitest';
import type { ReportFile, ReportLayer, ReportPackage } from '../../../src/core/compare/report.ts';
import { changeOf, nodeId, pathTo, type SizeNode, sizeTree } from '../../../src/core/compare/size-tree.ts';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { debianPackage, npmPackage, reportFile } from '../../rigs/report-file.ts';

const layers: ReportLayer[] = ['base', 'copy dist'].map((label) => ({
  label,
  digest: digestOf(new TextEncoder().encode(label)),
  size: 1,
  change: 'same',
}));

const files: ReportFile[] = [
  reportFile('app', { type: 'directory', layer: 1 }),
  reportFile('app/dist/a.js', { size: 10, layer: 1, change: 'added' }),
  reportFile('app/dist/b.js', { size: 30, layer: 1 }),
  reportFile('etc/motd', { size: 5, layer: 0, hiddenBy: 1 }),
  reportFile('etc/motd', { size: 7, layer: 1, change: 'changed' }),
  reportFile('old/gone', { size: 100, change: 'removed' }),
];

const packages: ReportPackage[] = [npmPackage('app/dist/node_modules/a'), debianPackage('motd')];

describe('sizeTree', () => {
  it('groups by layer, each path where it stands, and what is no more by itself', () => {
    const root = sizeTree({ layers, files, packages }, 'layers');
    expect(outline(root)).toEqual([
      'no more in the image 100',
      '  old 100',
      '    gone 100',
      'copy dist 47',
      '  app/dist 40',
      '    b.js 30',
      '    a.js 10',
      '  etc 7',
      '    motd 7',
      'base 5',
      '  etc 5',
      '    motd 5',
    ]);
    expect(root.size).toBe(152);
  });

  it('groups by folder what is seen in the end, and what was there before', () => {
    expect(outline(sizeTree({ layers, files, packages }, 'folders'))).toEqual([
      'old 100',
      '  gone 100',
      'app/dist 40',
      '  b.js 30',
      '  a.js 10',
      'etc 7',
      '  motd 7',
    ]);
  });

  it('groups by package what is seen in the end, by the paths in each, and what belongs to none', () => {
    const packaged = [
      reportFile('app/dist/node_modules/a/lib/x.js', { size: 20, layer: 1, package: 0 }),
      reportFile('app/dist/node_modules/a/old.js', { size: 3, change: 'removed', package: 0 }),
      reportFile('etc/motd', { size: 5, layer: 0, hiddenBy: 1 }),
      reportFile('etc/motd', { size: 7, layer: 1, package: 1 }),
      reportFile('srv/own.js', { size: 1, layer: 1 }),
    ];
    const report = { layers, files: packaged, packages };
    const root = sizeTree(report, 'packages');
    expect(outline(root)).toEqual([
      'a 1.0.0 23',
      '  lib 20',
      '    x.js 20',
      '  old.js 3',
      'motd 1.0.0 7',
      '  etc 7',
      '    motd 7',
      'no package 1',
      '  srv 1',
      '    own.js 1',
    ]);
    expect(root.children.map((node) => node.package)).toEqual([0, 1, undefined]);
    const [first = reportFile('', {})] = packaged;
    expect(pathTo(root, nodeId(first, 'packages', report)).map(({ name }) => name)).toEqual([
      'a 1.0.0',
      'lib',
      'x.js',
    ]);
  });

  it('knows what became of the files of a folder', () => {
    const root = sizeTree({ layers, files, packages }, 'folders');
    expect(root.children.map(changeOf)).toEqual(['removed', 'changed', 'changed']);
    expect(root.counts).toEqual({ added: 1, changed: 1, removed: 1, same: 1 });
  });

  it('finds the way to a node', () => {
    const root = sizeTree({ layers, files, packages }, 'layers');
    expect(pathTo(root, '1:app/dist/a.js').map(({ name }) => name)).toEqual([
      'copy dist',
      'app/dist',
      'a.js',
    ]);
    expect(pathTo(root, '1:app/none')).toHaveLength(1);
    expect(pathTo(root, '7:')).toEqual([]);
  });

  it('keeps apart a file that was and a folder that is under one name', () => {
    const both = [reportFile('x', { size: 1, change: 'removed' }), reportFile('x/y', { size: 1, layer: 0 })];
    const ids = sizeTree({ layers, files: both, packages }, 'folders').children.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });
});

function outline(node: SizeNode, indent = ''): string[] {
  return node.children.flatMap((child) => [
    `${indent}${child.name} ${String(child.size)}`,
    ...outline(child, `${indent}  `),
  ]);
}
