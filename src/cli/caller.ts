/** Who runs the command: the user that a rootless bundle is for, with the ids that /etc/subuid and /etc/subgid lend it. */
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { getegid, geteuid } from 'node:process';
import type { IdRange } from '../core/oci/runtime-options.ts';
import type { Caller } from '../io/bundle/runtime-bundle.ts';
import { CommandError } from './command-error.ts';

/** Throws where the system has no user numbers (Windows). */
export function callerOf(): Caller {
  if (geteuid === undefined || getegid === undefined) {
    throw new CommandError('command/bad-argument', 'a rootless bundle needs a system with user numbers');
  }
  const [uid, gid] = [geteuid(), getegid()];
  const owners = [nameOf(uid), String(uid)];
  const subUids = lentRange('/etc/subuid', owners);
  const subGids = lentRange('/etc/subgid', owners);
  return {
    uid,
    gid,
    ...(subUids === undefined ? {} : { subUids }),
    ...(subGids === undefined ? {} : { subGids }),
  };
}

/** A user without an account has no name, and may be in /etc/subuid by number all the same. */
function nameOf(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    return String(uid);
  }
}

/** The first range of the user (subuid(5)): `name or number:first id:count`. */
function lentRange(file: string, owners: readonly string[]): IdRange | undefined {
  const fields = textOf(file)
    .split('\n')
    .map((line) => line.split(':'))
    .find(([owner = '']) => owners.includes(owner));
  const [start, count] = [Number(fields?.[1]), Number(fields?.[2])];
  return Number.isSafeInteger(start) && Number.isSafeInteger(count) && count > 0
    ? { start, count }
    : undefined;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
