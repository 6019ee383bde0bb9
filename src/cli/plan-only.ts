/** The plan of a recipe for commands that write nothing, the store included. */
import { planRecipe, type RecipePlan } from '../build.ts';
import { createMemoryStore } from '../io/store/memory-store.ts';
import { overlayStore } from '../io/store/overlay-store.ts';
import { type RecipeCall, recipeRequest } from './recipe-request.ts';
import type { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';

/** Problems are thrown to `withSession`; what the lock lacks is one of them. */
export async function planOnly(
  call: Pick<RecipeCall, 'options' | 'names'>,
  session: Session,
  surroundings: Surroundings,
): Promise<RecipePlan> {
  const { folder, statFolder } = session;
  const stats = { folder: statFolder, access: 'read-only' } as const;
  const request = await recipeRequest(
    { ...call, folder, stats, lacking: 'refuse', onLock: session.addSource },
    surroundings,
  );
  session.addSource(request.source);
  const store = overlayStore(session.store, createMemoryStore());
  return session.valueOf(await planRecipe(request, { ...session, store }));
}
