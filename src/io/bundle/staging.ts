/**
 * A tree is made beside its destination, in a folder that is open to us alone, and renamed into place when it is whole:
 * the destination is absent or complete. What stands there already is replaced only where it is empty or ours.
 */
import { lstatSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { isAbsent } from '../store/file-problem.ts';
import { ownedName, ownerOf, standingOf } from '../store/process-owner.ts';
import { BundleError, worldFailure } from './bundle-error.ts';
import { removeFolder } from './remove-tree.ts';

/** Says whether a folder, not empty, was put there by us. */
export type IsOurs = (destination: string) => boolean;

export interface Staging {
  /** Absolute; mode 0700. */
  readonly path: string;
  /** Puts `name`, made in the stage, at the destination. `seal` is called just before. */
  publish(name: string, seal?: (path: string) => void): void;
  /** Removes the stage and what is still in it. Never throws. */
  discard(): void;
}

const stagePrefix = '.layerwright-';

/** Throws BundleError `bundle/not-ours` before anything is touched, or `bundle/write-failed`. */
export function openStaging(destination: string, isOurs: IsOurs): Staging {
  const target = resolve(destination);
  const parent = dirname(target);
  requireReplaceable(target, isOurs);
  try {
    mkdirSync(parent, { recursive: true });
    reclaim(parent);
    const path = join(parent, `${stagePrefix}${ownedName()}`);
    mkdirSync(path, { mode: 0o700 });
    return {
      path,
      publish: (name, seal) => publish({ path, name, target, isOurs, seal }),
      discard: () => {
        removeFolder(path);
      },
    };
  } catch (error) {
    throw worldFailure(error, `preparing to write ${quoteText(target)}`);
  }
}

interface Publishing {
  readonly path: string;
  readonly name: string;
  readonly target: string;
  readonly isOurs: IsOurs;
  readonly seal: ((path: string) => void) | undefined;
}

function publish({ path, name, target, isOurs, seal }: Publishing): void {
  const state = requireReplaceable(target, isOurs);
  const made = join(path, name);
  const old = join(path, 'replaced');
  try {
    if (state === 'ours') renameSync(target, old);
    try {
      seal?.(made);
      renameSync(made, target);
    } catch (error) {
      if (state === 'ours') renameSync(old, target);
      throw error;
    }
  } catch (error) {
    throw worldFailure(error, `putting ${quoteText(target)} in place`);
  }
}

function requireReplaceable(target: string, isOurs: IsOurs): 'absent' | 'empty' | 'ours' {
  const found = stateOf(target, isOurs);
  if (found !== 'foreign') return found;
  throw new BundleError(
    'bundle/not-ours',
    `${quoteText(target)} is not empty and was not made by layerwright`,
    {
      help: 'remove it or name another folder; nothing there was touched',
    },
  );
}

function stateOf(target: string, isOurs: IsOurs): 'absent' | 'empty' | 'ours' | 'foreign' {
  try {
    if (!lstatSync(target).isDirectory()) return 'foreign';
    if (readdirSync(target).length === 0) return 'empty';
    return isOurs(target) ? 'ours' : 'foreign';
  } catch (error) {
    if (isAbsent(error)) return 'absent';
    throw worldFailure(error, `looking at ${quoteText(target)}`);
  }
}

/** Removes the stages of processes that ended without doing it themselves. */
function reclaim(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(stagePrefix)) continue;
    const owner = ownerOf(name.slice(stagePrefix.length));
    if (owner !== undefined && standingOf(owner) === 'gone') removeFolder(join(parent, name));
  }
}
