/**
 * Packages that were taken apart, as the root file system that they make: their trees merged, and the record of each that
 * scanners read. Pure: the same packages make the same tree anywhere.
 */
import { type AccountTexts, accountPath, accountTexts } from '../tree/account-texts.ts';
import type { SourcedTree } from '../tree/file-tree.ts';
import { type InodeTable, inodesOf, treeOfInodes } from '../tree/inodes.ts';
import { fromBase64 } from '../digest/base64.ts';
import { fieldOf, parseSingleControl } from './control-file.ts';
import { type FileClash, mergePackages } from './merge-packages.ts';
import { statusEntries } from './status-entry.ts';
import type { WrittenEntry } from './written-file.ts';

export interface PackageToInstall {
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
  /** Packages with scripts that were not run. */
  readonly skipped: readonly string[];
  /** As far as they were made here. */
  readonly accounts: AccountTexts;
}

export function assembleRoot(packages: readonly PackageToInstall[], architecture: string): AssembledRoot {
  const unpacked = packages.map(({ name, version, control, sourced }) => {
    const stanza = parseSingleControl(control['control'] ?? '', `the control file of ${name}`);
    return { name, version, architecture, replaces: fieldOf(stanza, 'replaces'), unpacked: sourced };
  });
  const { root, clashes } = mergePackages(unpacked, { mergeUsr: true });
  const written = statusEntries(
    packages.map(({ name, control: { control = '', md5sums } }) => ({ name, control, md5sums })),
  );
  return {
    sourced: withWritten(root, written),
    clashes,
    skipped: packages.filter(hasScripts).map(({ name }) => name),
    accounts: accountsOf(written),
  };
}

/** What runs when a package is installed for the first time. */
function hasScripts({ control }: PackageToInstall): boolean {
  return control['preinst'] !== undefined || control['postinst'] !== undefined;
}

/** What is written takes the place of what a package brings, but for folders, which stay as they are. */
function withWritten(root: SourcedTree, written: readonly WrittenEntry[]): SourcedTree {
  const table: InodeTable = inodesOf(root);
  for (const { entry, content } of written) {
    if (entry.type === 'directory' && table.get(entry.path)?.entry.type === 'directory') continue;
    table.set(entry.path, { entry, content });
  }
  return treeOfInodes(table);
}

function accountsOf(written: readonly WrittenEntry[]): AccountTexts {
  return accountTexts((name) => {
    const content = written.findLast(({ entry }) => entry.path === accountPath(name))?.content;
    const bytes = content?.in === 'literal' ? fromBase64(content.base64) : undefined;
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  });
}
