/** The recipe that a session is about: found, read, and known to whoever shows places in it. */
import type { RecipeRequest } from '../build.ts';
import { type RecipeCall, recipeRequest } from './recipe-request.ts';
import type { Session, SessionRequest } from './session.ts';
import type { Surroundings } from './surroundings.ts';

export interface SessionRecipeCall extends Pick<RecipeCall, 'options' | 'names' | 'lacking'> {
  /** Whether what was read is remembered for the next time. */
  readonly access: SessionRequest['access'];
}

/** Throws what recipeRequest throws. */
export async function sessionRecipe(
  { access, ...call }: SessionRecipeCall,
  { folder, statFolder, addSource }: Session,
  surroundings: Surroundings,
): Promise<RecipeRequest> {
  const stats = { folder: statFolder, access };
  const request = await recipeRequest({ ...call, folder, stats, onLock: addSource }, surroundings);
  addSource(request.source);
  return request;
}
