/**
 * The harmless part of what maintainer scripts would do, as steps of our own that are the same on every machine: users,
 * links of libraries, alternatives, the certificates' bundle. No script is run; which ones did more than these steps
 * do is said, so that nobody is surprised.
 */
import { emptyContents, type SourcedTree, type TreeEntry } from '../../tree/file-tree.ts';
import { compareEntries } from '../../tree/check-tree.ts';
import { comparePaths, type ImagePath } from '../../tree/image-path.ts';
import type { WrittenEntry } from '../written-file.ts';
import { chooseAlternatives } from './alternatives.ts';
import { bundleCertificates } from './ca-certificates.ts';
import { type EffectName, effectNames, type ScriptedPackage } from './effect.ts';
import { linkLibraries } from './ldconfig.ts';
import { PackageRoot, type ReadContent } from './package-root.ts';
import { makeAccounts } from './sysusers.ts';
import { isDoneBy } from './skipped-scripts.ts';

export interface EffectsInput {
  readonly root: SourcedTree;
  readonly read: ReadContent;
  readonly packages: readonly ScriptedPackage[];
  readonly effects: readonly EffectName[];
}

export interface EffectsResult {
  readonly root: SourcedTree;
  /** Packages whose scripts for a first installation do more than was done, sorted by name. */
  readonly skipped: readonly string[];
}

export async function applyEffects({ root, read, packages, effects }: EffectsInput): Promise<EffectsResult> {
  const sorted = [...packages].sort((a, b) => comparePaths(a.name, b.name));
  const view = new PackageRoot(root, read);
  const written: WrittenEntry[] = [];
  for (const name of effectNames.filter((one) => effects.includes(one))) {
    const made = await makeEffect(name, view, sorted);
    view.with(made);
    written.push(...made);
  }
  const skipped = sorted.filter((one) => !isDoneBy(one, effects)).map(({ name }) => name);
  return { root: withWritten(root, written), skipped };
}

async function makeEffect(
  name: EffectName,
  root: PackageRoot,
  packages: readonly ScriptedPackage[],
): Promise<WrittenEntry[]> {
  switch (name) {
    case 'sysusers':
      return makeAccounts(root);
    case 'ldconfig':
      return linkLibraries(root);
    case 'alternatives':
      return chooseAlternatives(
        root,
        packages.map(({ scripts }) => scripts['postinst'] ?? ''),
      );
    case 'ca-certificates':
      return bundleCertificates(root);
  }
}

/** A tree with entries of ours: folders that are there stay as they are, anything else is replaced. */
export function withWritten({ tree, contents }: SourcedTree, written: readonly WrittenEntry[]): SourcedTree {
  const entries = new Map<ImagePath, TreeEntry>(tree.entries.map((entry) => [entry.path, entry]));
  const sources = Object.assign(emptyContents(), contents);
  for (const { entry, content } of written) {
    if (entry.type === 'directory' && entries.has(entry.path)) continue;
    entries.set(entry.path, entry);
    if (content !== undefined) sources[entry.path] = content;
  }
  return { tree: { entries: [...entries.values()].sort(compareEntries) }, contents: sources };
}
