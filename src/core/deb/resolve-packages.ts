/**
 * From names to packages: the closure that apt would install into an empty root, or every reason why there is none.
 * Pure and total: the same indexes and names give the same packages on any machine. Nothing is added for being
 * Essential, as in distroless images: who wants `dpkg` names it.
 */
import type { PackageRecord } from './package-record.ts';
import { markAll, type Marking } from './mark-install.ts';
import { findProblems, unknownPackage, type ResolveProblem } from './resolve-problem.ts';
import { Universe, type Candidate, type PackageSource, type PackageWish } from './universe.ts';
import { comparePaths } from '../tree/image-path.ts';

export interface ResolveRequest {
  /** In the order in which the recipe or the machine names them. */
  readonly sources: readonly PackageSource[];
  readonly wanted: readonly PackageWish[];
  /** Debian's name of it. */
  readonly architecture: string;
  readonly recommends: boolean;
}

export interface ResolvedPackage {
  readonly record: PackageRecord;
  /** Number of the source that has it. */
  readonly source: number;
}

export type Resolution =
  | { readonly ok: true; readonly packages: readonly ResolvedPackage[] }
  | { readonly ok: false; readonly problems: readonly [ResolveProblem, ...ResolveProblem[]] };

/** Packages sorted by name. */
export function resolvePackages({ sources, wanted, architecture, recommends }: ResolveRequest): Resolution {
  const universe = new Universe(sources, architecture);
  const chosen = wanted.map((wish) => wantedPackage(universe, wish));
  const unknown = chosen.filter((one): one is ResolveProblem => 'code' in one);
  const candidates = chosen.filter((one): one is Candidate => !('code' in one));
  const marking = markAll(universe, candidates, { recommends });
  const [first, ...rest] = unknown.length > 0 ? unknown : findProblems(marking, candidates);
  if (first !== undefined) return { ok: false, problems: [first, ...rest] };
  return { ok: true, packages: packagesOf(marking, candidates) };
}

/** The package of that name, or the only one that provides it. */
function wantedPackage(universe: Universe, wish: PackageWish): Candidate | ResolveProblem {
  const { name, version } = wish;
  const candidate = version === undefined ? universe.candidate(name) : universe.fix(name, version);
  if (candidate !== undefined) return candidate;
  const providers = version === undefined ? universe.solutions({ name }) : [];
  const [only, other] = providers;
  if (only !== undefined && other === undefined) return only;
  return unknownPackage(universe, wish, providers);
}

/** What was marked on the way to a choice that failed, and is needed by nothing, is left out, as apt does. */
function packagesOf(marking: Marking, wanted: readonly Candidate[]): ResolvedPackage[] {
  const kept = new Set<Candidate>();
  const open = [...wanted];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (kept.has(next)) continue;
    kept.add(next);
    open.push(...neededBy(marking, next));
  }
  return [...kept]
    .map(({ record, source }) => ({ record, source }))
    .sort((a, b) => comparePaths(a.record.name, b.record.name));
}

function neededBy({ universe, installed }: Marking, { needs, recommends }: Candidate): Candidate[] {
  const alternatives = [...needs, ...recommends].flat();
  return alternatives.flatMap((alternative) =>
    universe
      .solutions(alternative)
      .map(({ record }) => installed.get(record.name))
      .filter((candidate) => candidate !== undefined),
  );
}
