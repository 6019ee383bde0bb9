/** A file of a report, with what a test says nothing of filled in. */
import type { ReportFile } from '../../src/core/compare/report.ts';
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
