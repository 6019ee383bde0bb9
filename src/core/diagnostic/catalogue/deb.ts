/** Diagnostic codes of the area `deb/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const debCodes = {
  'deb/malformed': {
    exit: 'untrusted',
    summary: 'A file of a Debian archive, or a package, is not written as its format says.',
  },
  'deb/other-package': {
    exit: 'untrusted',
    summary: 'A Debian package says that it is another one than the index or the lock says.',
  },
  'deb/unknown-package': {
    exit: 'usage',
    summary: 'A Debian package, or a version of it, is in none of the sources.',
  },
  'deb/unsatisfiable': {
    exit: 'usage',
    summary: 'Debian packages need what no source has.',
  },
  'deb/conflict': {
    exit: 'usage',
    summary: 'Debian packages that are asked for, or needed, exclude each other.',
  },
  'deb/no-source': {
    exit: 'usage',
    summary: 'Nothing says where the packages of a suite are: no mirror, and no apt source of this computer.',
  },
  'deb/no-architecture': {
    exit: 'usage',
    summary: 'Debian has no architecture for a platform.',
  },
  'deb/keyring': {
    exit: 'policy',
    summary: 'The keys that an archive is to be verified with are not there, or cannot be read.',
  },
  'deb/bad-signature': {
    exit: 'policy',
    summary: 'The Release file of an archive is not signed by a key that is trusted for it.',
  },
  'deb/expired': {
    exit: 'policy',
    summary: 'The Release file of an archive says that it is no longer valid.',
  },
  'deb/wrong-suite': {
    exit: 'policy',
    summary: 'The signed Release file of an archive is that of another suite.',
  },
  'deb/vanished': {
    exit: 'registry',
    summary: 'A version of a package that the lock names is in none of the archives any more.',
  },
  'deb/file-clash': {
    exit: 'usage',
    summary: 'Two Debian packages want one path, and neither says that it replaces the other.',
  },
  'deb/scripts-not-run': {
    summary: 'Packages have maintainer scripts, which are never run and which no step stands in for.',
  },
} as const satisfies CatalogueArea<'deb'>;
