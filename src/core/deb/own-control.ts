/**
 * Whether a package is the one that it was taken for. Its bytes are those of the digest that the signed index, or the
 * lock, has for it; what its own control file says it is has to be the same.
 */
import { escapeText } from '../diagnostic/escape-text.ts';
import { fieldOf, type Stanza } from './control-file.ts';
import { DebError } from './deb-error.ts';

export interface ExpectedPackage {
  readonly name: string;
  readonly version: string;
  /** The image's, by Debian's name of it: a package is of that, or of `all`. */
  readonly architecture: string;
}

/** `control` is the stanza of its control.tar. Throws DebError `deb/other-package`. */
export function requireOwnControl(control: Stanza, { name, version, architecture }: ExpectedPackage): void {
  const [own, ownVersion, ownArchitecture] = ['package', 'version', 'architecture'].map(
    (field) => fieldOf(control, field) ?? '',
  );
  const isOfImage = ownArchitecture === architecture || ownArchitecture === 'all';
  if (own === name && ownVersion === version && isOfImage) return;
  const found = [own, ownVersion, ownArchitecture].join(' ');
  throw new DebError(
    'deb/other-package',
    `the package ${escapeText(`${name} ${version}`)} for ${architecture} says that it is ${escapeText(found)}`,
    {
      help: `the archive does not agree with itself, or the lock was written by hand: ask whoever keeps the archive, or run \`layerwright update ${escapeText(name)}\``,
    },
  );
}
