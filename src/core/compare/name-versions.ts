/** A changed package.json told by the version in it, where both are known. */
import { parseDigest, type Digest } from '../digest/digest.ts';
import type { Change } from './change.ts';
import type { Explanation } from './explanation.ts';

/** The version in a package.json with this content. */
export type VersionOf = (digest: Digest) => string | undefined;

/** The explanation with a change of its version behind that of each package.json. */
export function withVersions(explanation: Explanation, versionOf: VersionOf): Explanation {
  const actions = explanation.actions.map((one) => ({
    ...one,
    changes: one.changes.flatMap((change) => [change, ...versionChange(change, versionOf)]),
  }));
  return { ...explanation, actions };
}

/** The contents whose versions are of interest. */
export function packageDigests({ actions }: Explanation): Digest[] {
  return actions.flatMap(({ changes }) => changes.flatMap((change) => contentsOf(change) ?? []));
}

function versionChange(change: Change, versionOf: VersionOf): Change[] {
  const [before, after] = contentsOf(change)?.map(versionOf) ?? [];
  if (before === undefined || after === undefined || before === after) return [];
  return [{ ...change, aspect: 'version', before, after }];
}

/** Of a package.json before and after. */
function contentsOf({ field, key = '', aspect, before, after }: Change): [Digest, Digest] | undefined {
  if (field !== 'file' || aspect !== 'content' || !isPackageFile(key)) return undefined;
  const [old, current] = [parseDigest(String(before)), parseDigest(String(after))];
  return old.ok && current.ok ? [old.digest, current.digest] : undefined;
}

export function isPackageFile(path: string): boolean {
  return path === 'package.json' || path.endsWith('/package.json');
}
