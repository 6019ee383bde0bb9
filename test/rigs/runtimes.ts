/** The runtimes of this machine: runc, and crun through a wrapper where hybrid cgroups would stop it. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const isRoot = process.geteuid?.() === 0;

export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin:/sbin; command -v ${name}`]).status === 0;
}

// crun refuses a v2 hierarchy beside v1 ones (real-components.md).
const crunWrapper = `#!/bin/sh
exec unshare -m sh -c 'umount /sys/fs/cgroup/unified 2>/dev/null; exec crun "$@"' crun "$@"
`;

/** `folder` takes the wrapper. */
export function crunHere(folder: string): string {
  const path = join(folder, 'crun-here');
  writeFileSync(path, crunWrapper, { mode: 0o755 });
  return path;
}
