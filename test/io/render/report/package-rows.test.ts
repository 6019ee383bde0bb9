import { describe, expect, it } from 'vitest';
import {
  groupSizes,
  packageRows,
  type WantedPackages,
} from '../../../../src/io/render/report/client/package-rows.ts';
import { debianPackage, npmPackage } from '../../../rigs/report-file.ts';

const packages = [
  debianPackage('libc6', { size: 90, files: 10, layers: [0], version: '2.36-9' }),
  npmPackage('app/node_modules/Lodash', { size: 50, files: 600, layers: [1], change: 'changed' }),
  npmPackage('app/node_modules/a/node_modules/ms', { size: 5, files: 4, layers: [2], version: '2.0.0' }),
  npmPackage('app/node_modules/ms', { size: 5, files: 4, layers: [1], version: '2.1.3' }),
  npmPackage('app/node_modules/gone', { size: 1, change: 'removed' }),
];

describe('packageRows', () => {
  it('has the largest first, and turned round', () => {
    expect(rows({})).toEqual([0, 1, 2, 3, 4]);
    expect(rows({ order: 'ascending' })).toEqual([4, 2, 3, 1, 0]);
  });

  it('finds packages by name, version and place, whatever the case', () => {
    expect(rows({ search: 'lodash' })).toEqual([1]);
    expect(rows({ search: 'ms@2.1' })).toEqual([3]);
    expect(rows({ search: '/app/node_modules/a' })).toEqual([2]);
    expect(rows({ search: 'debian amd64' })).toEqual([0]);
  });

  it('narrows to a manager, to what changed, to what is there more than once', () => {
    expect(rows({ group: 'npm' })).toEqual([1, 2, 3, 4]);
    expect(rows({ group: 'Debian' })).toEqual([0]);
    expect(rows({ group: 'changed' })).toEqual([1, 4]);
    expect(rows({ group: 'duplicated' })).toEqual([2, 3]);
    expect(groupSizes(packages)).toEqual({ all: 5, npm: 4, Debian: 1, changed: 2, duplicated: 2 });
  });

  it('sorts by a column', () => {
    expect(rows({ sort: 'name', order: 'ascending' })).toEqual([1, 4, 0, 2, 3]);
    expect(rows({ sort: 'files' })).toEqual([1, 0, 2, 3, 4]);
    expect(rows({ sort: 'layer', order: 'ascending' })).toEqual([4, 0, 1, 3, 2]);
    expect(rows({ sort: 'change', order: 'ascending' })).toEqual([1, 4, 0, 2, 3]);
  });
});

function rows(wanted: Partial<WantedPackages>): number[] {
  return packageRows(packages, { search: '', group: 'all', sort: 'size', order: 'descending', ...wanted });
}
