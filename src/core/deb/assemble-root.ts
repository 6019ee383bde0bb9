/**
 * Packages that were taken apart, as the root file system that they make: their trees merged, dpkg's record of each, and
 * what the steps in place of maintainer scripts add. Pure: the same packages and steps make the same tree anywhere.
 */
import { digestOf } from '../digest/digest.ts';
import { toBase64 } from '../digest/base64.ts';
import type { DebEffect } from '../recipe/recipe.ts';
import { compareEntries } from '../tree/check-tree.ts';
import { emptyContents, type FileEntry, type SourcedTree, type TreeEntry } from '../tree/file-tree.ts';
import { foldersAboveAll, type ImagePath } from '../tree/image-path.ts';
import { fieldOf, parseSingleControl } from './control-file.ts';
import { type FileClash, mergePackages } from './merge-packages.ts';
import { statusEntries } from './status-entry.ts';

export interface UnpackedPackage {
  readonly name: string;
  readonly version: string;
  /** Texts of control.tar by name; `control` is always there. */
  readonly control: Readonly<Record<string, string>>;
  readonly sourced: SourcedTree;
}

export interface AssembledRoot {
  readonly sourced: SourcedTree;
  readonly clashes: readonly FileClash[];
  /** Packages with scripts that nothing stands in for. */
  readonly skipped: readonly string[];
}

export function assembleRoot(
  packages: readonly UnpackedPackage[],
  effects: readonly DebEffect[],
): AssembledRoot {
  const { merged, clashes } = mergePackages(
    packages.map(({ name, version, control, sourced }) => {
      const stanza = parseSingleControl(control['control'] ?? '', `the control file of ${name}`);
      return { name, version, replaces: fieldOf(stanza, 'replaces'), sourced };
    }),
  );
  const texts = packages.flatMap(({ name, control }) => statusEntries(name, control));
  return { sourced: withTexts(merged, texts), clashes, skipped: [] };
}
