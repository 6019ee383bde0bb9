/** What shapes a bundle on the command line: a recipe's `runtime:`, `--rootless`. */
import type { BundleShape } from '../deliver.ts';
import { callerOf } from './caller.ts';
import type { CommonOptions, RegistryOptions } from './options.ts';
import type { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';

export interface BundleOptions extends CommonOptions, RegistryOptions {
  readonly rootless?: boolean;
  readonly file?: string;
  readonly image?: string;
  readonly platform?: readonly string[];
}

/** Reads the recipe that `-f` names; without one the bundle is plain. */
export async function bundleShape(
  options: BundleOptions,
  session: Session,
  surroundings: Surroundings,
): Promise<BundleShape> {
  // The parser of recipes is large, and most bundles need none.
  const found =
    options.file === undefined
      ? undefined
      : await (await import('./recipe-runtime.ts')).readRuntime(options, session, surroundings);
  const runtime = found?.runtime ?? {};
  const isRootless = options.rootless === true || runtime.rootless === true;
  return {
    runtime,
    runtimeFolder: found?.folder ?? session.folder,
    rootless: isRootless ? callerOf() : undefined,
  };
}
