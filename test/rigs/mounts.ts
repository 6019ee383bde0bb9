/** What is mounted below a folder: engines leave a mount behind now and then, and a mounted folder cannot be removed. */
import { existsSync, readFileSync } from 'node:fs';

const table = '/proc/self/mounts';

/** The mount points, the last mounted first; none where the system has no such table. */
export function mountsBelow(folder: string): string[] {
  if (!existsSync(table)) return [];
  const points = readFileSync(table, 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  return points.filter((point) => point.startsWith(`${folder}/`)).reverse();
}
