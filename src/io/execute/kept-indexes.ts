/**
 * What remembers sources and plans, held open by a process that plans again and again: read from the disk once, and
 * written when whoever holds it says so. Between two plans it lets go of what the first did not use, so that it holds
 * no more after a thousand plans than after one.
 */
import { loadStatIndex, type StatIndex, statIndexFile } from '../source/stat-index.ts';
import type { RecipeIdentity } from './build-history.ts';
import { loadPlanMemory, type PlanMemory } from './plan-memory.ts';

export class KeptIndexes {
  readonly #folder: string;
  #stats: { readonly context: string; readonly index: StatIndex } | undefined;
  #plans: { readonly identity: string; readonly memory: PlanMemory } | undefined;

  /** `folder` is that of the stat indexes. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** For the next plan, of this context. */
  statIndex(context: string): StatIndex {
    if (this.#stats?.context !== context) {
      const file = statIndexFile(this.#folder, context);
      this.#stats = { context, index: loadStatIndex({ file, context }) };
    }
    this.#stats.index.forgetUnused();
    return this.#stats.index;
  }

  /** For the next plan, of this recipe. */
  planMemory(recipe: RecipeIdentity): PlanMemory {
    const identity = JSON.stringify(recipe);
    if (this.#plans?.identity !== identity) {
      this.#plans = { identity, memory: loadPlanMemory(this.#folder, recipe) };
    }
    this.#plans.memory.forgetUnused();
    return this.#plans.memory;
  }

  /** Never throws. */
  save(): void {
    this.#stats?.index.save();
    this.#plans?.memory.save();
  }
}
