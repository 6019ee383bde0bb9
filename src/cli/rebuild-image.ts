/**
 * The recipe built again by its lock, into a store that is thrown away, so that each layer is packed again from files
 * that are read again. Bases that the store has are not fetched again: their digests are in the lock.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executeRecipe, planRecipe, type RecipePlan, type RecipeRequest } from '../build.ts';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import type { BuiltImage } from '../core/image/image.ts';
import type { PlannedImage } from '../core/plan/plan.ts';
import { removeFolder } from '../io/bundle/remove-tree.ts';
import { openDiskStore } from '../io/store/disk-store.ts';
import { overlayStore } from '../io/store/overlay-store.ts';
import type { Store } from '../io/store/store.ts';
import { VerifyError } from '../io/verify/verify-error.ts';
import type { CommonOptions, RecipeOptions, RegistryOptions } from './options.ts';
import { recipeRequest } from './recipe-request.ts';
import type { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';

export interface RebuildOptions
  extends CommonOptions, RegistryOptions, Pick<RecipeOptions, 'file' | 'arg' | 'platform' | 'jobs'> {
  /** Which image of the recipe, where it makes several. */
  readonly image?: string;
}

export interface RebuildCall {
  readonly options: RebuildOptions;
  readonly session: Session;
  readonly surroundings: Surroundings;
}

/** Where what is built again stands meanwhile. */
export interface Throwaway {
  /** Absolute. */
  readonly folder: string;
  /** Reads through to the session's store and writes to one in the folder. */
  readonly store: Store;
}

/** A recipe that is to be built again, read and planned. */
export interface PlannedAgain {
  readonly request: RecipeRequest;
  readonly planned: RecipePlan;
}

/** Gives `use` a store that goes with its folder when `use` has ended. */
export async function withThrowaway<T>(
  session: Session,
  use: (throwaway: Throwaway) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'layerwright-verify-'));
  try {
    const fresh = await openDiskStore(join(folder, 'store'));
    return await use({ folder, store: overlayStore(session.store, fresh) });
  } finally {
    removeFolder(folder);
  }
}

/** Reads every file, as if none had been read before, and holds the lock to what the recipe needs. */
export async function planAgain(
  { options, session, surroundings }: RebuildCall,
  { folder, store }: Throwaway,
): Promise<PlannedAgain> {
  const { addSource } = session;
  const request = await recipeRequest(
    {
      options: { ...options, cache: false, frozenLockfile: true },
      names: options.image === undefined ? [] : [options.image],
      folder: session.folder,
      stats: { folder: join(folder, 'stat'), access: 'read-only' },
      lacking: 'refuse',
      onLock: addSource,
    },
    surroundings,
  );
  addSource(request.source);
  const planned = session.valueOf(await planRecipe(request, { ...session, store }));
  return { request, planned };
}

/** The plan of the one image that has any of these names, or is the only one. Throws VerifyError `verify/which-image`. */
export async function planOfOne(
  { request, planned }: PlannedAgain,
  references: readonly string[],
  { session, throwaway }: { readonly session: Session; readonly throwaway: Throwaway },
): Promise<RecipePlan> {
  const { images } = planned.portable.plan;
  if (images.length === 1) return planned;
  const expansion = { ...request.expansion, names: [imageMeant(images, references).name] };
  return session.valueOf(await planRecipe({ ...request, expansion }, { ...session, store: throwaway.store }));
}

/** The one image that has any of these names. Throws VerifyError `verify/which-image`. */
export function imageMeant(images: readonly PlannedImage[], references: readonly string[]): PlannedImage {
  const [meant, second] = images.filter((image) => image.references.some((one) => references.includes(one)));
  if (meant === undefined || second !== undefined) throw whichImage(images.map(({ name }) => name));
  return meant;
}

function whichImage(names: readonly string[]): VerifyError {
  const several = names.map((name) => `\`${escapeText(name)}\``).join(', ');
  return new VerifyError('verify/which-image', `the recipe makes several images: ${several}`, {
    help: 'say with --image which of them is to be built again',
  });
}

/** Runs every action of the plan. */
export async function executeAgain(
  { portable, contextFolder, recipe }: RecipePlan,
  { options, session, surroundings }: RebuildCall,
  { store }: Throwaway,
): Promise<readonly BuiltImage[]> {
  const jobs = options.jobs ?? surroundings.processors;
  const request = { portable, contextFolder, recipe, jobs, ignores: () => true };
  return session.valueOf(await executeRecipe(request, { ...session, store })).images;
}
