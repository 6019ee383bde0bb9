/** podman as it starts on a machine with hybrid cgroups, its storage in a folder of the test's own. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineRun } from './engines.ts';

export interface Podman {
  run(...args: readonly string[]): EngineRun;
}

const configuration = `[containers]
cgroups = "enabled"
netns = "none"
default_ulimits = ["nofile=1024:20000", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`;

/** `as` runs a command as the user whose podman it is; the caller without it. */
export function preparePodman(folder: string, as: typeof asCaller = asCaller): Podman {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'containers.conf');
  writeFileSync(config, configuration);
  const places = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run')];
  return { run: (...args) => as('env', `CONTAINERS_CONF=${config}`, 'podman', ...places, ...args) };
}

function asCaller(command: string, ...args: readonly string[]): EngineRun {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 180_000 });
  return { status: status ?? -1, stdout, stderr };
}
