/** Who runs the command: the user that a rootless bundle is for. */
import { getegid, geteuid } from 'node:process';
import { CommandError } from './command-error.ts';

export interface Caller {
  readonly uid: number;
  readonly gid: number;
}

/** Throws where the system has no user numbers (Windows). */
export function callerOf(): Caller {
  if (geteuid === undefined || getegid === undefined) {
    throw new CommandError('command/bad-argument', 'a rootless bundle needs a system with user numbers');
  }
  return { uid: geteuid(), gid: getegid() };
}
