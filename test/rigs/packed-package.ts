/** The package as npm would publish it: a tarball in a folder of the test's. */
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

export function packPackage(folder: string): string {
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: resolve(import.meta.dirname, '../..'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  return join(folder, filename);
}
