/**
 * Packages that were taken apart, as the root file system that they make: their trees merged, dpkg's record of each, and
 * what the steps in place of maintainer scripts add. Pure: the same packages and steps make the same tree anywhere.
 */
import type { DebEffect } from '../recipe/recipe.ts';
import type { SourcedTree } from '../tree/file-tree.ts';
import { type AccountTexts, accountPath, accountTexts } from '../tree/account-texts.ts';
import { fieldOf, parseSingleControl } from './control-file.ts';
import { type FileClash, mergePackages } from './merge-packages.ts';
import { dpkgRecord } from './dpkg-record.ts';
import { type MadeFile, withFiles } from './made-file.ts';

export interface UnpackedPackage {
  readonly name: string;
  readonly version: string;
  /** Texts of control.tar by name; `control` is always there. */
  readonly control: Readonly<Record<string, string>>;
  readonly sourced: SourcedTree;
  /** Files that steps look into, by path: their bytes as base64. */
  readonly inputs: Readonly<Record<string, string>>;
}

export interface AssembledRoot {
  readonly sourced: SourcedTree;
  readonly clashes: readonly FileClash[];
  /** Packages with scripts that nothing stands in for. */
  readonly skipped: readonly string[];
  readonly accounts: AccountTexts;
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
  const made = packages.flatMap(({ name, control }) => dpkgRecord(name, control));
  return { sourced: withFiles(merged, made), clashes, skipped: [], accounts: accountTexts(() => undefined) };
}
