/** What the parts of a planner share: the facts, the settings, and the list that problems are added to. */
import type { DiagnosticCode } from '../diagnostic/catalogue.ts';
import type { Diagnostic, RelatedPlace } from '../diagnostic/diagnostic.ts';
import { type Place, placeOf, type RecipePath } from '../diagnostic/source-text.ts';
import type { AccountTexts } from '../tree/account-texts.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Digest } from '../digest/digest.ts';
import type { LayerAction, PlanSettings } from './plan.ts';
import type { Snapshot } from './snapshot.ts';

export interface Planning {
  readonly recipe: Pick<Recipe, 'source' | 'places'>;
  readonly snapshot: Snapshot;
  readonly settings: PlanSettings;
  readonly problems: Diagnostic[];
  readonly memory?: LayerMemory;
}

/** What planning a layer gave, without its trees. Plain JSON. */
export interface RememberedLayer extends Pick<
  LayerAction,
  'placements' | 'entries' | 'compression' | 'leftOut'
> {
  /** The image's accounts with this layer on top. */
  readonly accounts: AccountTexts;
  /** The image's folders with this layer on top: their id, and the JSON of a FolderChange[]. */
  readonly view: { readonly id: Digest; readonly changes: string };
}

/** Layers that were planned before, by all that decides how they are planned (layer-memory.ts). */
export interface LayerMemory {
  recall(key: Digest): RememberedLayer | undefined;
  keep(key: Digest, layer: RememberedLayer): void;
}

export interface Problem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly help?: string;
  readonly related?: readonly RelatedPlace[];
}

export function addError(planning: Planning, at: RecipePath, problem: Problem): void {
  planning.problems.push({ severity: 'error', ...problem, ...placeField(planning, at) });
}

export function addWarning(planning: Planning, at: RecipePath, problem: Problem): void {
  planning.problems.push({ severity: 'warning', ...problem, ...placeField(planning, at) });
}

/** The place of a value of the recipe, or of the nearest one above it that was written. */
export function placeAt(recipe: Planning['recipe'], at: RecipePath): Place | undefined {
  for (let pointer = at; ; pointer = pointer.slice(0, pointer.lastIndexOf('/'))) {
    const span = recipe.places.values.get(pointer);
    if (span !== undefined) return placeOf(recipe.source, span);
    if (!pointer.includes('/')) return undefined;
  }
}

function placeField(planning: Planning, at: RecipePath): { place?: Place } {
  const place = placeAt(planning.recipe, at);
  return place === undefined ? {} : { place };
}
