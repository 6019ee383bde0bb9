/** From flags to what the commands of the lock ask for. */
import type { LockingRequest } from '../lock.ts';
import type { CommonOptions, RecipeOptions, RegistryOptions } from './options.ts';
import { argumentsOf } from './recipe-request.ts';
import { findConfig } from './find-config.ts';
import { lockFile } from './lock-use.ts';
import type { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';

export type LockingOptions = Pick<RecipeOptions, 'file' | 'arg'> & RegistryOptions & CommonOptions;

/** Throws CommandError and what findConfig throws. */
export async function lockingRequest(
  options: LockingOptions,
  session: Session,
  { stdin, env }: Surroundings,
): Promise<LockingRequest> {
  const { folder, addSource } = session;
  const found = await findConfig({ cwd: folder, file: options.file, stdin });
  addSource(found.source);
  return {
    source: found.source,
    folder: found.folder,
    expansion: { args: argumentsOf(options.arg ?? []), env },
    lock: lockFile({ folder, onLock: addSource }, found.folder),
  };
}
