/** A folder of a test's own, removed afterwards whatever modes its content has and whatever an engine left mounted there. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mountsBelow } from './mounts.ts';
import { isRoot } from './runtimes.ts';

export interface ScratchFolder {
  readonly path: string;
  remove(): void;
}

export function scratchFolder(name: string): ScratchFolder {
  const path = mkdtempSync(join(tmpdir(), `layerwright-${name}-`));
  return {
    path,
    remove: () => {
      for (const mount of mountsBelow(path)) spawnSync('umount', ['-l', mount], { stdio: 'ignore' });
      // No mode stops root, and a walk over a real image's files takes as long as removing them.
      if (!isRoot) spawnSync('chmod', ['-R', 'u+rwx', path], { stdio: 'ignore' });
      spawnSync('rm', ['-rf', path], { stdio: 'ignore' });
    },
  };
}
