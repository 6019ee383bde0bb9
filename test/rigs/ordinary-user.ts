/** What an ordinary user sees and does: commands run as `ociuser`, with a copy of the built command that it may read. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { builtCommand, type CommandRun } from './command.ts';
import { type Podman, preparePodman } from './podman.ts';
import { hasProgram, isRoot } from './runtimes.ts';

export const canBecomeOrdinary =
  isRoot && hasProgram('setpriv') && hasProgram('unshare') && hasProgram('useradd');

export interface OrdinaryUser {
  readonly uid: number;
  readonly gid: number;
  /** A folder of the user's own: its home, and where its commands run. */
  readonly home: string;
  run(command: string, ...args: readonly string[]): CommandRun;
  /** podman with its storage in the user's home. */
  readonly podman: Podman;
  /** The built command. */
  layerwright(...args: readonly string[]): CommandRun;
}

const name = 'ociuser';

/** `folder`, which every user may enter, takes the home and the copy. */
export function ordinaryUser(folder: string): OrdinaryUser {
  if (spawnSync('id', [name]).status !== 0) spawnSync('useradd', ['--create-home', name]);
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  const home = join(folder, 'home');
  mkdirSync(home);
  chownSync(home, uid, gid);
  chmodSync(folder, 0o755);
  const copy = copyCommand(folder);
  const run: OrdinaryUser['run'] = (command, ...args) => runAs({ home, uid, gid }, [command, ...args]);
  return {
    ...{ uid, gid, home, run },
    podman: preparePodman(home, run),
    layerwright: (...args) => run(process.execPath, copy, ...args),
  };
}

function idOf(flag: string): number {
  return Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
}

/** The checkout may stand where only root may go. */
function copyCommand(folder: string): string {
  const dist = dirname(builtCommand);
  cpSync(dist, join(folder, 'dist'), { recursive: true });
  cpSync(resolve(dist, '../package.json'), join(folder, 'package.json'));
  const native = resolve(dist, '../node_modules/@napi-rs');
  if (existsSync(native)) cpSync(native, join(folder, 'node_modules/@napi-rs'), { recursive: true });
  return join(folder, 'dist/cli.js');
}

/** For crun only root can take the second cgroup hierarchy away (real-components.md). */
function runAs(user: Pick<OrdinaryUser, 'home' | 'uid' | 'gid'>, command: readonly string[]): CommandRun {
  const { home, uid, gid } = user;
  const variables = [
    `HOME=${home}`,
    `XDG_RUNTIME_DIR=${home}`,
    `PATH=${process.env['PATH'] ?? ''}:/usr/sbin`,
  ];
  const become = ['setpriv', '--reuid', String(uid), '--regid', String(gid), '--init-groups'];
  const script = 'umount /sys/fs/cgroup/unified 2>/dev/null; exec "$@"';
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['-m', 'sh', '-c', script, 'sh', ...become, 'env', '-i', ...variables, ...command],
    { encoding: 'utf8', cwd: home, maxBuffer: 1 << 28, timeout: 240_000 },
  );
  return { status: status ?? -1, stdout, stderr };
}
