/** Files and packages of a report, with what a test says nothing of filled in. */
import type { ReportFile, ReportPackage } from '../../src/core/compare/report.ts';
import type { ImagePath } from '../../src/core/tree/image-path.ts';

export function reportFile(path: string, rest: Partial<ReportFile>): ReportFile {
  return {
    path: path as ImagePath,
    type: 'file',
    size: 0,
    change: 'same',
    mode: 0o644,
    owner: '0:0',
    ...rest,
  };
}

/** Called as its folder is. */
export function npmPackage(place: string, rest: Partial<ReportPackage> = {}): ReportPackage {
  const name = place.replace(/.*node_modules\//, '');
  return { ...plain, kind: 'npm', name, place, ...rest };
}

export function debianPackage(name: string, rest: Partial<ReportPackage> = {}): ReportPackage {
  return { ...plain, kind: 'deb', name, place: 'amd64', ...rest };
}

const plain = { version: '1.0.0', change: 'same', size: 0, files: 0, layers: [] } as const;
