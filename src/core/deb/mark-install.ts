/**
 * Which packages come with the wanted ones: apt's own marking (apt-pkg/depcache.cc, MarkInstall) for a root in which
 * nothing is installed yet. Alternatives are tried in the order in which they are written, the providers of each in
 * apt's order; what is chosen already counts; what turns out impossible is never tried again.
 */
import { type Alternative, type Dependency } from './dependency.ts';
import type { PackageRecord } from './package-record.ts';
import type { Candidate, Universe } from './universe.ts';

export interface Marking {
  readonly universe: Universe;
  readonly recommends: boolean;
  /** What will be installed, by name. */
  readonly installed: Map<string, Candidate>;
  /** What the user asked for, what that cannot do without, and what is being worked on: none of it is given up. */
  readonly fixed: Set<string>;
  /** What was found impossible, or must stay out. */
  readonly refused: Set<string>;
}

/** Marks the wanted packages, then what each of them needs. What stays unsatisfied is found by looking afterwards. */
export function markAll(
  universe: Universe,
  wanted: readonly Candidate[],
  { recommends }: { readonly recommends: boolean },
): Marking {
  const marking = {
    universe,
    recommends,
    installed: new Map(),
    fixed: new Set(),
    refused: new Set(),
  } as Marking;
  for (const candidate of wanted) {
    marking.installed.set(candidate.record.name, candidate);
    marking.fixed.add(candidate.record.name);
  }
  for (const candidate of wanted) markInstall(marking, candidate);
  return marking;
}

/** Whether something that is marked satisfies a dependency. */
export function isMet({ universe, installed }: Marking, dependency: Dependency): boolean {
  return dependency.some((alternative) =>
    universe.solutions(alternative).some(({ record }) => isMarked(installed, record)),
  );
}

/** The marked packages that a Conflicts or Breaks of `candidate` speaks against; never itself. */
export function marksAgainst({ universe, installed }: Marking, candidate: Candidate): Candidate[] {
  return candidate.against
    .flatMap((alternative) => universe.solutions(alternative))
    .filter(({ record }) => record.name !== candidate.record.name)
    .filter(({ record }) => isMarked(installed, record));
}

function isMarked(installed: ReadonlyMap<string, Candidate>, { name, version }: PackageRecord): boolean {
  return installed.get(name)?.record.version === version;
}

function markInstall(marking: Marking, candidate: Candidate): boolean {
  const { installed, fixed, refused } = marking;
  const { name } = candidate.record;
  const isFixed = fixed.has(name);
  if (!isFixed && refused.has(name)) return false;
  if (!isFixed && installed.has(name) && isWhole(marking, candidate)) return true;
  const needed = openNeeds(marking, candidate);
  const clears = giveUpOpponents(marking, candidate);
  // A fixed package is worked on to its end, so that all that is wrong with it is found.
  if (!clears && !isFixed) return false;
  installed.set(name, candidate);
  const holds = installNeeds(marking, candidate, needed);
  if (!holds && !isFixed) discard(marking, name);
  return clears && holds;
}

function discard({ installed, refused }: Marking, name: string): void {
  installed.delete(name);
  refused.add(name);
}

function isWhole(marking: Marking, candidate: Candidate): boolean {
  return (
    candidate.needs.every((dependency) => isMet(marking, dependency)) &&
    marksAgainst(marking, candidate).length === 0
  );
}

interface Need {
  readonly dependency: Dependency;
  readonly isCritical: boolean;
}

/** What is not met yet; of a fixed package all, since what it cannot do without becomes fixed too. */
function openNeeds(marking: Marking, candidate: Candidate): Need[] {
  const isFixed = marking.fixed.has(candidate.record.name);
  const critical = candidate.needs.map((dependency) => ({ dependency, isCritical: true }));
  const recommended = candidate.recommends.map((dependency) => ({ dependency, isCritical: false }));
  return [...critical, ...(marking.recommends ? recommended : [])].filter(
    ({ dependency }) => isFixed || !isMet(marking, dependency),
  );
}

/** False where an opponent is fixed. A fixed package keeps every opponent out for good. */
function giveUpOpponents({ universe, installed, fixed, refused }: Marking, candidate: Candidate): boolean {
  const isFixed = fixed.has(candidate.record.name);
  let clears = true;
  for (const { record } of candidate.against.flatMap((alternative) => universe.solutions(alternative))) {
    const { name } = record;
    if (name === candidate.record.name) continue;
    if (!installed.has(name)) {
      if (isFixed) refused.add(name);
    } else if (!fixed.has(name)) {
      installed.delete(name);
    } else {
      clears = false;
    }
  }
  return clears;
}

/** While its needs are installed, a package is fixed: nothing below it may throw it out. */
function installNeeds(marking: Marking, { record: { name } }: Candidate, needs: readonly Need[]): boolean {
  const isFixed = marking.fixed.has(name);
  marking.fixed.add(name);
  let holds = true;
  for (const need of needs) {
    const isDone = isMet(marking, need.dependency)
      ? !isFixed || !need.isCritical || fixOnlySolution(marking, need.dependency)
      : installOne(marking, need, { isFixed }) || !need.isCritical;
    holds &&= isDone;
    if (!isDone && !isFixed) break;
  }
  if (!isFixed) marking.fixed.delete(name);
  return holds;
}

/** A fixed package's met dependency that only one package can meet makes that one fixed, and what it needs. */
function fixOnlySolution(marking: Marking, dependency: Dependency): boolean {
  const [only, other] = solutionsOf(marking, dependency);
  if (only === undefined || other !== undefined || marking.fixed.has(only.record.name)) return true;
  marking.fixed.add(only.record.name);
  return markInstall(marking, only);
}

function installOne(
  marking: Marking,
  { dependency, isCritical }: Need,
  { isFixed }: { readonly isFixed: boolean },
): boolean {
  const solutions = solutionsOf(marking, dependency);
  return solutions.some((solution) => {
    const { name } = solution.record;
    // It may have been refused while an earlier one was tried.
    if (marking.refused.has(name)) return false;
    if (isFixed && isCritical && solutions.length === 1) {
      marking.installed.set(name, solution);
      marking.fixed.add(name);
    }
    return markInstall(marking, solution);
  });
}

/** In the order in which apt tries them, each once. */
function solutionsOf(marking: Marking, dependency: Dependency): Candidate[] {
  const { universe, refused } = marking;
  const all = dependency.flatMap((alternative) =>
    [...universe.solutions(alternative)].sort((a, b) => compareProviders(marking, alternative, { a, b })),
  );
  const seen = new Set<string>();
  return all.filter(({ record: { name } }) => {
    const isNew = !seen.has(name) && !refused.has(name);
    seen.add(name);
    return isNew;
  });
}

/** apt-pkg/depcache.cc, CompareProviders: what is fixed, what bears the name, essential, important, priority, number. */
function compareProviders(
  { universe, fixed }: Marking,
  { name }: Alternative,
  { a, b }: { readonly a: Candidate; readonly b: Candidate },
): number {
  const first = (test: (one: Candidate) => boolean): number => Number(test(b)) - Number(test(a));
  return (
    first(({ record }) => fixed.has(record.name)) ||
    first(({ record }) => record.name === name) ||
    first(({ record }) => record.essential) ||
    first(({ record }) => record.important) ||
    a.record.priority - b.record.priority ||
    universe.compareMentions(b.record.name, a.record.name)
  );
}
