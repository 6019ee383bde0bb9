/** Which references of a lock a user means: in full, as they may be written, or by the repository alone. */
import { parseNormalizedReference } from '../../oci/normalize-reference.ts';
import { pinnedReference } from './pin-request.ts';

export interface SelectedReferences {
  readonly chosen: ReadonlySet<string>;
  /** Names that mean none of them. */
  readonly unknown: readonly string[];
}

/** `references` are in full. Without names, all of them. */
export function selectReferences(
  references: readonly string[],
  names: readonly string[],
): SelectedReferences {
  if (names.length === 0) return { chosen: new Set(references), unknown: [] };
  const meant = names.map((name) => references.filter((reference) => means(name, reference)));
  return {
    chosen: new Set(meant.flat()),
    unknown: names.filter((_name, index) => meant[index]?.length === 0),
  };
}

/** `node`, `node:22` and `docker.io/library/node` mean what the lock calls `docker.io/library/node:22`. */
function means(name: string, reference: string): boolean {
  if (pinnedReference(name)?.text === reference) return true;
  const [asked, locked] = [name, reference].map(parseNormalizedReference);
  if (asked?.ok !== true || locked?.ok !== true) return false;
  const { domain, path, tag, digest } = asked.reference;
  const isBare = tag === undefined && digest === undefined;
  return isBare && domain === locked.reference.domain && path === locked.reference.path;
}
