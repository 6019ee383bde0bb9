/** A Docker engine and a containerd of a test's own, started as root in a short folder and stopped by process id. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endsWithUs } from './ends-with-us.ts';
import { mountsBelow } from './mounts.ts';
import { processFolder } from './process-folder.ts';

export interface Engine {
  /** Runs the engine's client; stdout and stderr together with the status. */
  run(...args: readonly string[]): EngineRun;
  /** What other clients find it by. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface EngineRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const cgroup = '/layerwright-test';

export async function startDocker(): Promise<Engine> {
  const folder = processFolder('/tmp', 'lwd', cleanUp);
  const host = `unix://${folder}/docker.sock`;
  const child = start(folder, 'dockerd', [
    ...[
      '-H',
      host,
      '--data-root',
      `${folder}/data`,
      '--exec-root',
      `${folder}/exec`,
      '-p',
      `${folder}/docker.pid`,
    ],
    ...['--storage-driver', 'overlay2', '--cgroup-parent', cgroup, '--bridge=none'],
    ...['--iptables=false', '--ip6tables=false', '--ip-masq=false', '--ip-forward=false'],
  ]);
  const run = (...args: readonly string[]): EngineRun => runTool('docker', ['-H', host, ...args]);
  await untilReady(child, folder, () => run('version').status === 0);
  return {
    run,
    env: { DOCKER_HOST: host },
    stop: async () => {
      const containers = run('ps', '-aq').stdout.split('\n').filter(Boolean);
      if (containers.length > 0) run('rm', '-f', ...containers);
      await end(child);
      cleanUp(folder);
    },
  };
}

export async function startContainerd(): Promise<Engine> {
  const folder = processFolder('/tmp', 'lwc', cleanUp);
  const config = join(folder, 'config.toml');
  writeFileSync(config, containerdConfig(folder));
  const child = start(folder, 'containerd', ['-c', config]);
  const run = (...args: readonly string[]): EngineRun =>
    runTool('ctr', ['-a', `${folder}/c.sock`, '-n', 'test', ...args]);
  await untilReady(child, folder, () => run('version').status === 0);
  return {
    run,
    env: { CONTAINERD_ADDRESS: `${folder}/c.sock`, CONTAINERD_NAMESPACE: 'test' },
    stop: async () => {
      const tasks = run('task', 'ls', '-q').stdout.split('\n').filter(Boolean);
      for (const task of tasks) run('task', 'rm', '-f', task);
      await end(child);
      cleanUp(folder);
    },
  };
}

function containerdConfig(folder: string): string {
  return `version = 2
root = "${folder}/root"
state = "${folder}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "${folder}/c.sock"
[ttrpc]
  address = "${folder}/c.sock.ttrpc"
[debug]
  level = "warn"
`;
}

function start(folder: string, command: string, args: readonly string[]): ChildProcess {
  const log = openSync(join(folder, 'log'), 'w');
  const [program, ...words] = endsWithUs('TERM', command, ...args);
  const child = spawn(program, words, {
    stdio: ['ignore', log, log],
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
  });
  closeSync(log);
  return child;
}

function runTool(command: string, args: readonly string[]): EngineRun {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000 });
  return { status: status ?? -1, stdout, stderr };
}

async function untilReady(child: ChildProcess, folder: string, isReady: () => boolean): Promise<void> {
  for (let waited = 0; waited < 300; waited += 1) {
    if (isReady()) return;
    if (child.exitCode !== null) break;
    await pause(100);
  }
  child.kill('SIGKILL');
  throw new Error(`the engine did not start:\n${readFileSync(join(folder, 'log'), 'utf8').slice(-4000)}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await ended;
  clearTimeout(late);
}

/** What an engine mounts or makes outlives it now and then. */
function cleanUp(folder: string): void {
  for (const mount of mountsBelow(folder)) spawnSync('umount', ['-l', mount]);
  spawnSync('sh', [
    '-c',
    `find /sys/fs/cgroup -depth -type d -path '*${cgroup}*' -exec rmdir {} \\; 2>/dev/null`,
  ]);
  rmSync(folder, { recursive: true, force: true });
}
