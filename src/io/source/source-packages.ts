/**
 * Which packages a tree was made of, remembered by its digest, so that a later build can say which of them changed. A
 * hint for people: it enters no key, and losing it costs words.
 */
import type { SourcePackage } from '../../core/compare/source-packages.ts';
import type { Digest } from '../../core/digest/digest.ts';
import type { Store } from '../store/store.ts';
import { isRemembered, recall, remember } from './remembered.ts';

const kind = 'packages';

export async function rememberPackages(
  store: Store,
  tree: Digest,
  packages: readonly SourcePackage[],
): Promise<void> {
  if (!(await isRemembered(store, kind, tree))) await remember(store, { kind, key: tree }, packages);
}

/** Whether those of each tree are remembered; they count as used then, so that they are kept as long as the trees are. */
export async function knowsPackages(store: Store, trees: readonly Digest[]): Promise<boolean> {
  const known = await Promise.all(trees.map((tree) => isRemembered(store, kind, tree)));
  return !known.includes(false);
}

/** Undefined for a tree that is none of packages, or too long ago. */
export type PackageRecall = (tree: Digest) => Promise<readonly SourcePackage[] | undefined>;

export function packageRecall(store: Store): PackageRecall {
  return async (tree) => (await recall(store, kind, tree)) as readonly SourcePackage[] | undefined;
}
