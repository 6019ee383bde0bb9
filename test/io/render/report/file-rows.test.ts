import { describe, expect, it } from 'vitest';
import type { ReportFile } from '../../../../src/core/compare/report.ts';
import { countsOf, fileRows, type Wanted } from '../../../../src/io/render/report/client/file-rows.ts';
import { reportFile } from '../../../rigs/report-file.ts';

const files: ReportFile[] = [
  reportFile('app', { type: 'directory', change: 'added' }),
  reportFile('app/Server.js', { size: 20, layer: 1, change: 'changed' }),
  reportFile('app/old.js', { size: 30, change: 'removed' }),
  reportFile('etc/motd', { size: 5, layer: 0, hiddenBy: 1 }),
  reportFile('etc/motd', { size: 20, layer: 1, change: 'changed' }),
  reportFile('usr/\u001b[31m', { size: 1, layer: 0 }),
];

describe('fileRows', () => {
  it('has every path in the order of the files, and turned round', () => {
    expect(rows({})).toEqual([0, 1, 2, 3, 4, 5]);
    expect(rows({ order: 'descending' })).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it('finds paths with all words of the search, whatever their case', () => {
    expect(rows({ search: 'server' })).toEqual([1]);
    expect(rows({ search: '  JS app ' })).toEqual([1, 2]);
    expect(rows({ search: '/etc/motd' })).toEqual([3, 4]);
  });

  it('searches names as they are shown', () => {
    expect(rows({ search: '\\x1b' })).toEqual([5]);
  });

  it('narrows to one change, with neither folders nor what is hidden', () => {
    expect(rows({ change: 'added' })).toEqual([]);
    expect(rows({ change: 'changed' })).toEqual([1, 4]);
  });

  it('narrows to the files of a package, or to what is seen and belongs to none', () => {
    const packaged = [...files, reportFile('usr/bin/bash', { size: 40, layer: 0, package: 3 })];
    const of = (wanted: Wanted['of']): number[] =>
      fileRows(packaged, { search: '', change: 'all', of: wanted, sort: 'path', order: 'ascending' });
    expect(of(3)).toEqual([6]);
    expect(of('none')).toEqual([1, 4, 5]);
  });

  it('sorts by a column, equal ones by path', () => {
    expect(rows({ sort: 'size' })).toEqual([0, 5, 3, 1, 4, 2]);
    expect(rows({ sort: 'change' })).toEqual([0, 1, 4, 2, 3, 5]);
    expect(rows({ sort: 'layer', order: 'descending' })).toEqual([4, 1, 5, 3, 2, 0]);
  });

  it('counts what it narrows to', () => {
    expect(countsOf(files)).toEqual({ added: 0, changed: 2, removed: 1, same: 1 });
  });
});

function rows(wanted: Partial<Wanted>): number[] {
  return fileRows(files, {
    search: '',
    change: 'all',
    of: 'all',
    sort: 'path',
    order: 'ascending',
    ...wanted,
  });
}
