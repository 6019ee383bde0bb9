/** The plan of a recipe for commands that write nothing, the store included. */
import { planRecipe, type RecipePlan } from '../build.ts';
import { createMemoryStore } from '../io/store/memory-store.ts';
import { overlayStore } from '../io/store/overlay-store.ts';
import type { Session } from './session.ts';
import { sessionRecipe, type SessionRecipeCall } from './session-recipe.ts';
import type { Surroundings } from './surroundings.ts';

/** Problems are thrown to `withSession`; what the lock lacks is one of them. */
export async function planOnly(
  call: Pick<SessionRecipeCall, 'options' | 'names'>,
  session: Session,
  surroundings: Surroundings,
): Promise<RecipePlan> {
  const request = await sessionRecipe(
    { ...call, access: 'read-only', lacking: 'refuse' },
    session,
    surroundings,
  );
  const store = overlayStore(session.store, createMemoryStore());
  return session.valueOf(await planRecipe(request, { ...session, store }));
}
