/** Runs programs without any network, loopback included: in a network namespace of their own (Linux). */
import { spawnSync } from 'node:child_process';

const ways = [
  ['unshare', '-n'],
  ['unshare', '-r', '-n'],
] as const;

/** What to put before a program; undefined where this computer does not let us. */
export const networkCut: readonly string[] | undefined = ways.find(
  ([program, ...flags]) => spawnSync(program, [...flags, 'true'], { stdio: 'ignore' }).status === 0,
);
