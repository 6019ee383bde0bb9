/**
 * The three things that Node cannot do itself and a small system tool does: fifos, devices, and times finer than a
 * double holds. The tool inherits the held folder as descriptor 3 and gets its arguments through `xargs -0`, since the
 * arguments of Node's child processes are text and a name is bytes.
 */
import { spawnSync } from 'node:child_process';
import { pathToBytes } from '../../core/tree/image-path.ts';

export interface ToolRun {
  /** The tool with the arguments that every run has. */
  readonly command: readonly [string, ...string[]];
  /** How many arguments of `argumentList` one run takes. */
  readonly perRun: number;
  readonly argumentList: readonly string[];
  readonly folderFd: number;
}

/** How the tool names an entry of the held folder. */
export function toolPath(name: string): string {
  return `/proc/self/fd/3/${name}`;
}

/** Runs the tool once for every `perRun` arguments. Whether it worked is to be seen in the folder: it may not exist. */
export function runTool({ command, perRun, argumentList, folderFd }: ToolRun): void {
  const parts = argumentList.flatMap((argument) => [pathToBytes(argument), nul]);
  spawnSync('xargs', ['-0', '-n', String(perRun), '--', ...command], {
    input: Buffer.concat(parts),
    stdio: ['pipe', 'ignore', 'ignore', folderFd],
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
}

const nul = Uint8Array.of(0);
