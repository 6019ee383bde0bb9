/**
 * npm packages that an image holds more than once: in several versions, or one version in several places. Debian has one
 * version of each package for a processor.
 */
import type { ReportPackage } from './report.ts';

export interface DuplicatePackage {
  readonly name: string;
  /** In the order of the packages given. */
  readonly versions: readonly { readonly version: string; readonly places: readonly string[] }[];
  /** Bytes of all of them together. */
  readonly size: number;
}

/** Those with the most bytes first; what only the previous image has is none. */
export function duplicatePackages(packages: readonly ReportPackage[]): DuplicatePackage[] {
  const present = packages.filter(({ kind, change }) => kind === 'npm' && change !== 'removed');
  return [...grouped(present, ({ name }) => name)]
    .filter(([, all]) => all.length > 1)
    .map(([name, all]) => ({ name, versions: versionsOf(all), size: sizeOf(all) }))
    .sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));
}

function versionsOf(all: readonly ReportPackage[]): DuplicatePackage['versions'] {
  return [...grouped(all, ({ version }) => version)].map(([version, same]) => ({
    version,
    places: same.map(({ place }) => place),
  }));
}

function sizeOf(all: readonly ReportPackage[]): number {
  return all.reduce((sum, { size }) => sum + size, 0);
}

function grouped(
  packages: readonly ReportPackage[],
  keyOf: (one: ReportPackage) => string,
): Map<string, ReportPackage[]> {
  const groups = new Map<string, ReportPackage[]>();
  for (const one of packages) {
    const key = keyOf(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}
