/** Why the wanted packages cannot be installed, in words that name the way from what was asked for to what is missing. */
import type { DiagnosticCode } from '../diagnostic/catalogue.ts';
import { quoteText } from '../diagnostic/escape-text.ts';
import { suggestSeveral } from '../diagnostic/suggest.ts';
import { formatDependency, type Dependency } from './dependency.ts';
import { isMet, marksAgainst, type Marking } from './mark-install.ts';
import { compareVersions } from './version.ts';
import type { Candidate, PackageWish, Universe } from './universe.ts';

export interface ResolveProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly help?: string;
  /** The wanted package that it is about. */
  readonly wanted: string;
}

export function unknownPackage(
  universe: Universe,
  { name, version }: PackageWish,
  providers: readonly Candidate[],
): ResolveProblem {
  const versions = universe.versions(name).sort(compareVersions).reverse();
  if (version !== undefined && versions.length > 0) {
    return {
      code: 'deb/unknown-package',
      message: `no source has version ${version} of ${quoteText(name)} for ${universe.architecture}`,
      help: `there is ${versions.join(', ')}; an older one may be in a \`snapshot\``,
      wanted: name,
    };
  }
  const others = universe.names().filter((known) => known !== name);
  const names = providers.map(({ record }) => record.name);
  return {
    code: 'deb/unknown-package',
    message:
      names.length > 0
        ? `${quoteText(name)} is no package but what several provide`
        : `no source has a package ${quoteText(name)} for ${universe.architecture}`,
    help: names.length > 0 ? `name one: ${names.join(', ')}` : unknownHelp(suggestSeveral(name, others)),
    wanted: name,
  };
}

function unknownHelp(near: readonly string[]): string {
  if (near.length === 0) return 'look whether its suite and component are among the sources';
  return `did you mean ${near.map((name) => `\`${name}\``).join(' or ')}?`;
}

/** One problem for each wanted package that is not whole, and one for each pair that does not go together. */
export function findProblems(marking: Marking, wanted: readonly Candidate[]): ResolveProblem[] {
  const conflicts = [...marking.installed.values()].flatMap((candidate) =>
    marksAgainst(marking, candidate).map((other) => conflictOf(candidate, other)),
  );
  const unmet = wanted
    .map((candidate) => unmetProblem(marking, candidate))
    .filter((problem) => problem !== undefined);
  return [...unmet, ...conflicts];
}

function conflictOf(candidate: Candidate, other: Candidate): ResolveProblem {
  const { name } = candidate.record;
  return {
    code: 'deb/conflict',
    message: `${quoteText(name)} (${candidate.record.version}) cannot be together with ${quoteText(other.record.name)} (${other.record.version}): it conflicts with it or breaks it`,
    help: 'put them into images of their own, or name another version',
    wanted: name,
  };
}

interface Step {
  readonly candidate: Candidate;
  /** `a needs b; b needs c; `, from the wanted package down to this one. */
  readonly way: string;
}

/** The shortest way from a wanted package to a dependency that is not met, and from there to what is missing. */
function unmetProblem(marking: Marking, wanted: Candidate): ResolveProblem | undefined {
  const queue: Step[] = [{ candidate: wanted, way: '' }];
  const seen = new Set([wanted.record.name]);
  for (const step of queue) {
    const unmet = step.candidate.needs.find((dependency) => !isMet(marking, dependency));
    if (unmet !== undefined) {
      return {
        code: 'deb/unsatisfiable',
        message: describe(marking, { ...step, unmet }, seen),
        help: 'add the source that has it, or name other packages or versions',
        wanted: wanted.record.name,
      };
    }
    queue.push(...nextSteps(marking, step, seen));
  }
  return undefined;
}

function nextSteps({ universe, installed }: Marking, { candidate, way }: Step, seen: Set<string>): Step[] {
  return candidate.needs.flatMap((dependency) =>
    dependency
      .flatMap((alternative) => universe.solutions(alternative))
      .map(({ record }) => installed.get(record.name))
      .filter((next) => next !== undefined)
      .filter(({ record }) => !seen.has(record.name) && seen.add(record.name))
      .map((next) => ({ candidate: next, way: `${way}${needs(candidate, dependency)}; ` })),
  );
}

/** Follows what was refused down to a dependency that no source has, or to a conflict. */
function describe(
  marking: Marking,
  { candidate, way, unmet }: Step & { unmet: Dependency },
  seen: Set<string>,
): string {
  const text = `${way}${needs(candidate, unmet)}`;
  const solution = unmet
    .flatMap((alternative) => marking.universe.solutions(alternative))
    .find(({ record }) => !seen.has(record.name));
  if (solution === undefined) return `${text}, ${missing(marking.universe, unmet)}`;
  seen.add(solution.record.name);
  const deeper = solution.needs.find((dependency) => !isMet(marking, dependency));
  if (deeper !== undefined)
    return describe(marking, { candidate: solution, way: `${text}; `, unmet: deeper }, seen);
  const [opponent] = [...marksAgainst(marking, solution), ...opposing(marking, solution)];
  return opponent === undefined
    ? `${text}, which something else here keeps out`
    : `${text}, which cannot be together with ${opponent.record.name}`;
}

/** The marked packages that speak against a candidate themselves. */
function opposing({ universe, installed }: Marking, { record }: Candidate): Candidate[] {
  return [...installed.values()].filter(
    (marked) =>
      marked.record.name !== record.name &&
      marked.against.some((alternative) => universe.fulfils(record, alternative)),
  );
}

function needs({ record }: Candidate, dependency: Dependency): string {
  return `${record.name} needs ${formatDependency(dependency)}`;
}

function missing(universe: Universe, dependency: Dependency): string {
  const others = dependency.flatMap(({ name }) => {
    const candidate = universe.candidate(name);
    return candidate === undefined ? [] : [`${name} ${candidate.record.version}`];
  });
  return others.length === 0 ? 'which no source has' : `but the sources have ${others.join(', ')}`;
}
