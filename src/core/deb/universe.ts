/**
 * Every package that the sources offer for one architecture, and of each the candidate: the version that would be
 * installed when its name alone is given. As in apt, a source with a higher priority wins over newer versions of
 * others, then the newest version, then the source that is named first.
 */
import { formatAlternative, parseDependencies, type Alternative, type Dependency } from './dependency.ts';
import type { PackageRecord } from './package-record.ts';
import type { PackagesIndex } from './packages-index.ts';
import { compareVersions, satisfies } from './version.ts';

export interface PackageSource {
  readonly index: PackagesIndex;
  /** 500; 100 for a suite that says NotAutomatic and ButAutomaticUpgrades (backports), 1 for NotAutomatic alone. */
  readonly priority: number;
}

export interface PackageWish {
  readonly name: string;
  /** This version only, wherever it comes from. */
  readonly version?: string;
}

/** A version and the number of the source that offers it. */
export interface Candidate {
  readonly record: PackageRecord;
  readonly source: number;
  /** What must be there: Pre-Depends, then Depends. */
  readonly needs: readonly Dependency[];
  /** What must not be there: Conflicts, then Breaks. */
  readonly against: readonly Alternative[];
  readonly recommends: readonly Dependency[];
}

export class Universe {
  private readonly sources: readonly PackageSource[];
  readonly architecture: string;
  private readonly chosen = new Map<string, Candidate | undefined>();
  private readonly mentions = new Map<string, number>();
  private readonly solved = new Map<string, readonly Candidate[]>();
  private readonly provisions = new Map<PackageRecord, readonly Alternative[]>();

  constructor(sources: readonly PackageSource[], architecture: string) {
    this.sources = sources;
    this.architecture = architecture;
  }

  /** From now on this version is the candidate of its package; undefined where no source has it. */
  fix(name: string, version: string): Candidate | undefined {
    const offer = this.offers(name).find(({ record }) => record.version === version);
    if (offer === undefined) return undefined;
    const candidate = this.candidateOf(offer);
    this.chosen.set(name, candidate);
    this.solved.clear();
    return candidate;
  }

  candidate(name: string): Candidate | undefined {
    if (!this.chosen.has(name)) {
      const [best] = this.offers(name).sort((a, b) => this.compareOffers(a, b));
      this.chosen.set(name, best === undefined ? undefined : this.candidateOf(best));
    }
    return this.chosen.get(name);
  }

  /** Every version of a package that some source has for this architecture. */
  versions(name: string): string[] {
    return this.offers(name).map(({ record }) => record.version);
  }

  /** Candidates that satisfy an alternative: the package of that name, and those that provide it. */
  solutions(alternative: Alternative): readonly Candidate[] {
    const key = formatAlternative(alternative);
    const known = this.solved.get(key) ?? this.solve(alternative);
    this.solved.set(key, known);
    return known;
  }

  /** Whether a version of a package satisfies an alternative by its own name or by what it provides. */
  fulfils(record: PackageRecord, alternative: Alternative): boolean {
    if (!this.qualifies(record, alternative.qualifier)) return false;
    const { name, bound } = alternative;
    if (record.name === name && (bound === undefined || satisfies(record.version, bound))) return true;
    return this.provided(record).some(
      (one) =>
        one.name === name &&
        (bound === undefined || (one.bound !== undefined && satisfies(one.bound.version, bound))),
    );
  }

  /** Below 0 where `a` comes first in apt's numbering of packages. */
  compareMentions(a: string, b: string): number {
    return this.mentionOf(a) - this.mentionOf(b);
  }

  names(): string[] {
    return [...new Set(this.sources.flatMap(({ index }) => [...index.names()]))];
  }

  private offers(name: string): { record: PackageRecord; source: number }[] {
    return this.sources.flatMap(({ index }, source) =>
      index
        .recordsOf(name)
        .filter(({ architecture }) => architecture === this.architecture || architecture === 'all')
        .map((record) => ({ record, source })),
    );
  }

  private compareOffers(a: Offer, b: Offer): number {
    return (
      (this.sources[b.source]?.priority ?? 0) - (this.sources[a.source]?.priority ?? 0) ||
      compareVersions(b.record.version, a.record.version) ||
      a.source - b.source
    );
  }

  private candidateOf({ record, source }: Offer): Candidate {
    const read = (text: string | undefined): Dependency[] => parseDependencies(text, this.architecture);
    return {
      record,
      source,
      needs: [...read(record.preDepends), ...read(record.depends)],
      against: [...read(record.conflicts), ...read(record.breaks)].flat(),
      recommends: read(record.recommends),
    };
  }

  private solve(alternative: Alternative): Candidate[] {
    const providers = this.sources.flatMap(({ index }) => index.providersOf(alternative.name));
    const names = new Set([alternative.name, ...providers.map(({ name }) => name)]);
    return [...names]
      .map((name) => this.candidate(name))
      .filter((candidate) => candidate !== undefined)
      .filter((candidate) => this.fulfils(candidate.record, alternative));
  }

  private provided(record: PackageRecord): readonly Alternative[] {
    const known = this.provisions.get(record) ?? parseDependencies(record.provides, this.architecture).flat();
    this.provisions.set(record, known);
    return known;
  }

  /** `:any` takes packages that say so; an architecture takes its own, and `all` counts as ours. */
  private qualifies({ multiArch }: PackageRecord, qualifier: string | undefined): boolean {
    if (qualifier === undefined || qualifier === this.architecture) return true;
    return qualifier === 'any' && (multiArch === 'allowed' || multiArch === 'foreign');
  }

  private mentionOf(name: string): number {
    const known = this.mentions.get(name) ?? this.findMention(name);
    this.mentions.set(name, known);
    return known;
  }

  private findMention(name: string): number {
    for (const [source, { index }] of this.sources.entries()) {
      const at = index.mentionOf(name);
      if (at !== undefined) return source * 2 ** 40 + at;
    }
    return Infinity;
  }
}

interface Offer {
  readonly record: PackageRecord;
  readonly source: number;
}
