/** The lock of a recipe, and what its flags and the environment say of how it is used. */
import { join, relative } from 'node:path';
import type { SourceText } from '../core/diagnostic/source-text.ts';
import type { LockFile } from '../io/source/lock-file.ts';
import type { LockUse } from '../io/source/settle-lock.ts';
import type { LockOptions, RegistryOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';

export interface LockCall {
  readonly options: RegistryOptions & LockOptions;
  /** The working folder, after `-C`. */
  readonly folder: string;
  /** What becomes of what the lock lacks, unless flags or CI say otherwise. */
  readonly lacking: 'add' | 'refuse';
  /** Told the lock's text, for lines of it in messages. */
  readonly onLock: (source: SourceText) => void;
}

/** `recipeFolder` is absolute. */
export function lockFile(call: Pick<LockCall, 'folder' | 'onLock'>, recipeFolder: string): LockFile {
  const path = join(recipeFolder, 'oci.lock');
  return { path, name: relative(call.folder, path), onText: call.onLock };
}

export function lockUse(call: LockCall, recipeFolder: string, { env }: Pick<Surroundings, 'env'>): LockUse {
  return { ...lockFile(call, recipeFolder), missing: policyOf(call, env) };
}

function policyOf({ options, lacking }: LockCall, env: Surroundings['env']): LockUse['missing'] {
  if (options.frozenLockfile ?? isCi(env)) return 'freeze';
  return options.offline === true ? 'refuse' : lacking;
}

/** Every CI service sets `CI`; `CI=false` is how people take it back. */
function isCi({ CI = '' }: Surroundings['env']): boolean {
  return !['', '0', 'false'].includes(CI.toLowerCase());
}
