/**
 * The public API: the path of data, one function an arrow.
 *
 *     recipe text → parseRecipe → expandRecipe → takeSnapshot → makePlan → executePlan → deliver
 *
 * docs/library.md walks it; examples/as-a-library is run by a test.
 */
export { parseRecipe } from './core/recipe/parse-recipe.ts';
export { defineConfig, type RecipeConfig } from './core/recipe/define-config.ts';
export { expandRecipe, type Expansion } from './core/recipe/expand-recipe.ts';
export { layerFormat } from './core/deflate/layer-format.ts';
export { makePlan, type PlanRequest } from './core/plan/make-plan.ts';
export { readPortablePlan } from './core/plan/read-plan.ts';
export { takeSnapshot, type SnapshotContext } from './io/source/take-snapshot.ts';
export { createContentOpener, type ContentOpener } from './io/source/open-content.ts';
export { emptyStatIndex, loadStatIndex } from './io/source/stat-index.ts';
export { executePlan, type ExecuteContext } from './io/execute/executor.ts';
export { planStatus, type ActionStatus } from './io/execute/plan-status.ts';
export { deliver, type DeliverContext } from './deliver.ts';
export type { BaseLayers } from './io/transport/fetch-base.ts';
export {
  deliverableBlobs,
  executeRecipe,
  planRecipe,
  type BuildContext,
  type RecipePlan,
  type RecipeRequest,
} from './build.ts';
export { checkLock, completeLock, findOutdated, type LockingRequest, updateLock } from './lock.ts';
export type { LockUse } from './io/source/settle-lock.ts';
export { openDiskStore, type DiskStore } from './io/store/disk-store.ts';
export { createMemoryStore } from './io/store/memory-store.ts';
export type { BlobStore, ResultCache, Store } from './io/store/store.ts';
export { openImage } from './io/transport/open-image.ts';
export type { ImageSource, Receipt } from './io/transport/transport.ts';
export { RegistryClient } from './io/registry/registry-client.ts';
export { registrySettings, type RegistrySettings } from './io/registry/registry-settings.ts';
export { serve, type RegistryServer, type ServeOptions } from './io/serve/serve.ts';
export { parseTransportReference, type TransportReference } from './core/recipe/transport-reference.ts';
export { formatDiagnostic } from './core/diagnostic/format-diagnostic.ts';
export type { Diagnostic, Outcome } from './core/diagnostic/diagnostic.ts';
export { Failure } from './core/diagnostic/failure.ts';
export type { SourceText } from './core/diagnostic/source-text.ts';
export type { Recipe, Target } from './core/recipe/recipe.ts';
export type { Snapshot } from './core/plan/snapshot.ts';
export type { Plan, PlanSettings, PortablePlan } from './core/plan/plan.ts';
export type { BuildEvent, Emit } from './core/event/build-event.ts';
export type { BuiltImage, Image, ImageSet, Layer } from './core/image/image.ts';
