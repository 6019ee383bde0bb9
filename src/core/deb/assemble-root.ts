/**
 * Packages that were taken apart, as the root file system that they make: their trees merged, the record of each that
 * scanners read, and what the steps in place of maintainer scripts add. The same packages and steps make the same tree
 * anywhere.
 */
import { fromBase64 } from '../digest/base64.ts';
import { type AccountTexts, accountPath, accountTexts } from '../tree/account-texts.ts';
import type { SourcedTree } from '../tree/file-tree.ts';
import type { ImagePath } from '../tree/image-path.ts';
import { fieldOf, parseSingleControl } from './control-file.ts';
import { applyEffects, withWritten } from './effects/apply-effects.ts';
import type { EffectName } from './effects/effect.ts';
import { type FileClash, mergePackages } from './merge-packages.ts';
import { requireOwnControl } from './own-control.ts';
import { statusEntries } from './status-entry.ts';

export interface PackageToInstall {
  readonly name: string;
  readonly version: string;
  /** Texts of control.tar by name; `control` is always there. */
  readonly control: Readonly<Record<string, string>>;
  readonly sourced: SourcedTree;
}

export interface RootOptions {
  /** Debian's name of it. */
  readonly architecture: string;
  readonly effects: readonly EffectName[];
  /** The bytes of a file of the tree. */
  readonly read: (root: SourcedTree, path: ImagePath) => Promise<Uint8Array>;
}

export interface AssembledRoot {
  readonly sourced: SourcedTree;
  readonly clashes: readonly FileClash[];
  /** Packages whose scripts do more than the steps have done. */
  readonly skipped: readonly string[];
  /** As far as they were made here. */
  readonly accounts: AccountTexts;
}

export async function assembleRoot(
  packages: readonly PackageToInstall[],
  { architecture, effects, read }: RootOptions,
): Promise<AssembledRoot> {
  const unpacked = packages.map(({ name, version, control, sourced }) => {
    const stanza = parseSingleControl(control['control'] ?? '', `the control file of ${name}`);
    requireOwnControl(stanza, { name, version, architecture });
    return { name, version, architecture, replaces: fieldOf(stanza, 'replaces'), unpacked: sourced };
  });
  const { root, clashes } = mergePackages(unpacked, { mergeUsr: true });
  const recorded = withWritten(
    root,
    statusEntries(
      packages.map(({ name, control: { control = '', md5sums } }) => ({ name, control, md5sums })),
    ),
  );
  const scripted = packages.map(({ name, control }) => ({ name, scripts: control }));
  const done = await applyEffects({
    root: recorded,
    read: (path) => read(recorded, path),
    packages: scripted,
    effects,
  });
  return { sourced: done.root, clashes, skipped: done.skipped, accounts: accountsOf(done.root) };
}

function accountsOf({ contents }: SourcedTree): AccountTexts {
  return accountTexts((name) => {
    const content = contents[accountPath(name)];
    const bytes = content?.in === 'literal' ? fromBase64(content.base64) : undefined;
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  });
}
