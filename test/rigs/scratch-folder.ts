/** A folder of a test's own, removed afterwards whatever modes its content has and whatever an engine left mounted there. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mountsBelow } from './mounts.ts';

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
      spawnSync('chmod', ['-R', 'u+rwx', path], { stdio: 'ignore' });
      spawnSync('rm', ['-rf', path], { stdio: 'ignore' });
    },
  };
}
