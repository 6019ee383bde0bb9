/** A folder of a test's own, removed afterwards whatever modes its content has. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ScratchFolder {
  readonly path: string;
  remove(): void;
}

export function scratchFolder(name: string): ScratchFolder {
  const path = mkdtempSync(join(tmpdir(), `layerwright-${name}-`));
  return {
    path,
    remove: () => {
      spawnSync('chmod', ['-R', 'u+rwx', path], { stdio: 'ignore' });
      spawnSync('rm', ['-rf', path], { stdio: 'ignore' });
    },
  };
}
