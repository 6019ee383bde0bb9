/** Builds' inputs side by side, with the trees that the store remembers of them. */
import {
  comparedTrees,
  type ComparedBuilds,
  explainBuild,
  type Explanation,
} from '../../core/compare/explanation.ts';
import { packageDigests, withVersions } from '../../core/compare/name-versions.ts';
import { shortReason } from '../../core/compare/short-reason.ts';
import type { SourcePackage } from '../../core/compare/source-packages.ts';
import type { Digest } from '../../core/digest/digest.ts';
import type { BuildInputs } from '../../core/plan/build-inputs.ts';
import type { CacheKey, PlanTrees, PortablePlan } from '../../core/plan/plan.ts';
import type { FileTree } from '../../core/tree/file-tree.ts';
import type { ContentOpener } from '../source/open-content.ts';
import { type PackageRecall, packageRecall } from '../source/source-packages.ts';
import type { Store } from '../store/store.ts';
import { recallLastBuild, recallTree, type RecipeIdentity } from './build-history.ts';
import { versionOf } from './package-versions.ts';

export interface BuildSources {
  readonly store: Store;
  /** Those of a plan that was just made, which the store may not know. */
  readonly trees: PlanTrees;
  /** Where the plan was made beside the store. */
  readonly packagesOf?: PackageRecall | undefined;
}

export async function explainBetween(
  builds: ComparedBuilds,
  { store, trees, packagesOf = packageRecall(store) }: BuildSources,
): Promise<Explanation> {
  const known = new Map<Digest, FileTree>();
  const packages = new Map<Digest, readonly SourcePackage[] | undefined>();
  for (const digest of comparedTrees(builds)) {
    const tree = trees[digest]?.tree ?? (await recallTree(store, digest));
    if (tree !== undefined) known.set(digest, tree);
    packages.set(digest, await packagesOf(digest));
  }
  return explainBuild(builds, {
    treeOf: (digest) => known.get(digest),
    packagesOf: (digest) => packages.get(digest),
  });
}

/** Where the content of a changed package.json is, for its version. */
export interface VersionPlaces {
  readonly store: Store;
  readonly trees: PlanTrees;
  readonly contents: ContentOpener;
}

/** The explanation with the versions of its packages, as far as they can be known. */
export async function withKnownVersions(
  explanation: Explanation,
  { store, trees, contents }: VersionPlaces,
): Promise<Explanation> {
  const versions = new Map<Digest, string>();
  const places = { results: store.results, trees: Object.values(trees), contents };
  for (const digest of packageDigests(explanation)) {
    const version = await versionOf(digest, places);
    if (version !== undefined) versions.set(digest, version);
  }
  return withVersions(explanation, (digest) => versions.get(digest));
}

export interface ReasonsRequest {
  readonly store: Store;
  readonly identity?: RecipeIdentity | undefined;
  readonly inputs?: BuildInputs | undefined;
  readonly packagesOf?: PackageRecall | undefined;
}

/** In a few words what changed since the last build, by the keys of actions; empty where there was none. */
export async function reasonsOf(
  { trees }: PortablePlan,
  { store, identity, inputs, packagesOf }: ReasonsRequest,
): Promise<ReadonlyMap<CacheKey, string>> {
  if (identity === undefined || inputs === undefined) return new Map();
  const before = await recallLastBuild(store, { identity, inputs });
  if (before === undefined) return new Map();
  const { actions } = await explainBetween({ before, now: inputs }, { store, trees, packagesOf });
  return new Map(actions.map((one) => [one.action.key, shortReason(one)]));
}
